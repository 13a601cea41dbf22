"""The one error tree: every refusal Bodhi makes, with its status, code and exit code.

Raised anywhere, serialised in one place per dialect (``http/errors.py``) and per terminal
(``cli/output.py``). Each error names the fact (message), the field (``pointer``, a JSON pointer
into what the caller sent), the remedy, and the line for the shell in that (``to_type``). Messages
reach clients, so they never hold file system paths outside the caller's own configuration,
tracebacks or prompt text.

    BodhiError
    ├── InvalidInput            400  what was sent cannot be accepted
    │   ├── ParameterInvalid         a value has the wrong type or is out of its range
    │   ├── UnsupportedByEngine      the engine in use cannot do this
    │   ├── ContextExceeded          the prompt does not fit the context size
    │   ├── NameInvalid              an alias, repository or file name that cannot be
    │   ├── AliasFileInvalid         an alias file that cannot be read as one (exit 65)
    │   ├── ArchiveInvalid           an archive that cannot be read as one
    │   └── EngineRejected           the engine refused the request with a 4xx of its own
    ├── AccessRefused           403
    │   ├── KeyMissing          401  no key, or one that is not known
    │   ├── OriginRefused       403  a web page elsewhere sent this
    │   └── HostRefused         421  the Host header is not one of ours
    ├── NotFound                404
    │   ├── AliasNotFound            no alias or model has this name
    │   ├── ModelFileMissing         the recipe is known, its file is not on disk
    │   ├── TemplateMissing          there is no such chat template on disk
    │   ├── EngineNotFound           no engine has this id
    │   ├── NotOnHub                 the hub has no such repository, revision or file
    │   ├── VersionNotFound          the alias has no such version, or it is not kept any more
    │   ├── DraftNotFound            no draft has this id
    │   ├── NotInTrash               nothing in the trash has this id
    │   ├── KeyNotFound              no key has this id
    │   ├── JobNotFound              no job has this id
    │   ├── PresetNotFound           no preset has this name
    │   ├── RemoteNotFound           the settings name no such remote
    │   ├── RequestNotFound          no request of the last ten minutes has this id
    │   └── RouteNotFound            no such address
    ├── MethodNotAllowed        405
    ├── RequestTooSlow          408  head or body did not arrive in time
    ├── Conflict                409
    │   ├── NameTaken                another alias or template has this name or file
    │   ├── JobStateConflict         the job has ended, or has not
    │   ├── NoKeyNeeded              there is nothing to sign in to
    │   ├── NameAmbiguous            several models answer to this name
    │   ├── AliasNotEditable         a model alias; only user aliases can be changed
    │   ├── AliasBroken              the alias exists but its file cannot be used now
    │   ├── ModelFileChanged         its file was replaced while it was being loaded
    │   ├── AliasChanged        412  edited by somebody else in the meantime
    │   ├── DraftChanged        412  so was a draft
    │   └── TemplateChanged     412  likewise, a chat template of the user's own
    ├── BodyTooLarge            413
    ├── MediaTypeRefused        415
    ├── ModelFileUnusable       422  the file is there but is not a model this engine loads
    ├── TemplateUnusable        422  a chat template is there but cannot be used
    │   └── TemplateFailed           it has an error, refuses the messages, or went past a limit
    ├── PreconditionMissing     428  a change must say in If-Match what it is based on
    ├── QueueFull               429  too many requests wait for this alias
    ├── TooManyTries            429  too many wrong keys were sent
    ├── EngineFailure           502  what went wrong on the engine's side
    │   ├── EngineCrashed       502  the engine died while answering
    │   ├── EngineProtocol      502  the engine answered nonsense
    │   ├── EngineLoadFailed    503  the engine could not load the model
    │   │   └── RemoteUnreachable    a server elsewhere takes no connection
    │   ├── RemoteKeyRefused    502  a server elsewhere wants another key
    │   ├── NotEnoughMemory     503  loading would exceed the machine's memory
    │   ├── ShuttingDown        503  no new work is taken
    │   ├── EngineLoadTimeout   504  loading made no progress
    │   └── EngineSilent        504  the engine stopped sending
    ├── DownloadFailed          502  the hub could not be reached or broke off
    │   ├── DownloadRefused     403  the hub wants a token that may read this (exit 77)
    │   └── DownloadCorrupt     502  what came is not what the hub announced
    ├── StorageFailed           507  a file could not be written; the old one stands
    │   └── DatabaseUnavailable 503  the database cannot be used now
    │       ├── DatabaseDamaged      its file is no database, or a damaged one
    │       └── DatabaseTooNew       a newer Bodhi wrote it (exit 78)
    ├── StartRefused            503  the server cannot start (exit 78)
    │   ├── HomeInUse                another server has this home (exit 75)
    │   └── HomeTooNew               a newer Bodhi wrote this home
    └── ServerNotRunning             the command line finds no server to ask (exit 69)
"""

# ruff: noqa: I001 - a name a line, in the order of the drawing: refusals, then failures.
from bodhi.errors.base import BodhiError as BodhiError
from bodhi.errors.refused import (
    AccessRefused as AccessRefused,
    AliasBroken as AliasBroken,
    AliasChanged as AliasChanged,
    AliasFileInvalid as AliasFileInvalid,
    AliasNotEditable as AliasNotEditable,
    AliasNotFound as AliasNotFound,
    ArchiveInvalid as ArchiveInvalid,
    BodyTooLarge as BodyTooLarge,
    Conflict as Conflict,
    ContextExceeded as ContextExceeded,
    DraftChanged as DraftChanged,
    DraftNotFound as DraftNotFound,
    EngineNotFound as EngineNotFound,
    EngineRejected as EngineRejected,
    HostRefused as HostRefused,
    InvalidInput as InvalidInput,
    JobNotFound as JobNotFound,
    JobStateConflict as JobStateConflict,
    KeyMissing as KeyMissing,
    KeyNotFound as KeyNotFound,
    MediaTypeRefused as MediaTypeRefused,
    MethodNotAllowed as MethodNotAllowed,
    ModelFileChanged as ModelFileChanged,
    ModelFileMissing as ModelFileMissing,
    ModelFileUnusable as ModelFileUnusable,
    NameAmbiguous as NameAmbiguous,
    NameInvalid as NameInvalid,
    NameTaken as NameTaken,
    NoKeyNeeded as NoKeyNeeded,
    NotFound as NotFound,
    NotInTrash as NotInTrash,
    NotOnHub as NotOnHub,
    OriginRefused as OriginRefused,
    ParameterInvalid as ParameterInvalid,
    PreconditionMissing as PreconditionMissing,
    PresetNotFound as PresetNotFound,
    QueueFull as QueueFull,
    RemoteNotFound as RemoteNotFound,
    RequestNotFound as RequestNotFound,
    RequestTooSlow as RequestTooSlow,
    RouteNotFound as RouteNotFound,
    TemplateChanged as TemplateChanged,
    TemplateFailed as TemplateFailed,
    TemplateMissing as TemplateMissing,
    TemplateUnusable as TemplateUnusable,
    TooManyTries as TooManyTries,
    UnsupportedByEngine as UnsupportedByEngine,
    VersionNotFound as VersionNotFound,
)
from bodhi.errors.failed import (
    DatabaseDamaged as DatabaseDamaged,
    DatabaseTooNew as DatabaseTooNew,
    DatabaseUnavailable as DatabaseUnavailable,
    DownloadCorrupt as DownloadCorrupt,
    DownloadFailed as DownloadFailed,
    DownloadRefused as DownloadRefused,
    EngineCrashed as EngineCrashed,
    EngineFailure as EngineFailure,
    EngineLoadFailed as EngineLoadFailed,
    EngineLoadTimeout as EngineLoadTimeout,
    EngineProtocol as EngineProtocol,
    EngineSilent as EngineSilent,
    HomeInUse as HomeInUse,
    HomeTooNew as HomeTooNew,
    NotEnoughMemory as NotEnoughMemory,
    RemoteKeyRefused as RemoteKeyRefused,
    RemoteUnreachable as RemoteUnreachable,
    ServerNotRunning as ServerNotRunning,
    ShuttingDown as ShuttingDown,
    StartRefused as StartRefused,
    StorageFailed as StorageFailed,
)
