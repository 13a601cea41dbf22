"""The one error tree: every refusal Bodhi makes, with its status, code and exit code.

Raised anywhere, serialised in one place per dialect (``http/errors.py``) and per terminal
(``cli/output.py``). Each error names the fact (message), the field (``pointer``, a JSON pointer
into what the caller sent) and the remedy. Messages reach clients, so they never hold file system
paths outside the caller's own configuration, tracebacks or prompt text.

    BodhiError
    ├── InvalidInput            400  what was sent cannot be accepted
    │   ├── ParameterInvalid         a value has the wrong type or is out of its range
    │   ├── UnsupportedByEngine      the engine in use cannot do this
    │   ├── ContextExceeded          the prompt does not fit the context size
    │   ├── NameInvalid              an alias, repository or file name that cannot be
    │   ├── AliasFileInvalid         an alias file that cannot be read as one (exit 65)
    │   └── EngineRejected           the engine refused the request with a 4xx of its own
    ├── AccessRefused           403
    │   ├── KeyMissing          401  no key, or one that is not known
    │   ├── OriginRefused       403  a web page elsewhere sent this
    │   └── HostRefused         421  the Host header is not one of ours
    ├── NotFound                404
    │   ├── AliasNotFound            no alias or model has this name
    │   ├── ModelFileMissing         the recipe is known, its file is not on disk
    │   ├── TemplateMissing          the repository has no chat template on disk
    │   ├── EngineNotFound           no engine has this id
    │   ├── NotOnHub                 the hub has no such repository, revision or file
    │   ├── KeyNotFound              no key has this id
    │   ├── PresetNotFound           no preset has this name
    │   ├── RemoteNotFound           the settings name no such remote
    │   ├── RequestNotFound          no request of the last ten minutes has this id
    │   └── RouteNotFound            no such address
    ├── MethodNotAllowed        405
    ├── RequestTooSlow          408  head or body did not arrive in time
    ├── Conflict                409
    │   ├── NameTaken                another alias has this name or file
    │   ├── NameAmbiguous            several models answer to this name
    │   ├── AliasBroken              the alias exists but its file cannot be used now
    │   └── AliasChanged        412  edited by somebody else in the meantime
    ├── BodyTooLarge            413
    ├── MediaTypeRefused        415
    ├── ModelFileUnusable       422  the file is there but is not a model this engine loads
    ├── TemplateUnusable        422  a chat template is there but cannot be used
    │   └── TemplateFailed           it has an error, refuses the messages, or went past a limit
    ├── QueueFull               429  too many requests wait for this alias
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
    ├── StartRefused            503  the server cannot start (exit 78)
    │   ├── HomeInUse                another server has this home (exit 75)
    │   └── HomeTooNew               a newer Bodhi wrote this home
    └── ServerNotRunning             the command line finds no server to ask (exit 69)
"""

from typing import ClassVar


class BodhiError(Exception):
    """Base of the tree. ``message`` states the fact; see the module for the other fields."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    type: ClassVar[str] = "server_error"
    exit_code: ClassVar[int] = 70

    def __init__(
        self,
        message: str,
        *,
        pointer: str | None = None,
        remedy: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer
        self.remedy = remedy
        self.retry_after_s = retry_after_s


class InvalidInput(BodhiError):
    status = 400
    code = "invalid_request"
    type = "invalid_request_error"
    exit_code = 65


class ParameterInvalid(InvalidInput):
    code = "parameter_invalid"


class UnsupportedByEngine(InvalidInput):
    code = "unsupported_by_engine"


class ContextExceeded(InvalidInput):
    code = "context_length_exceeded"


class NameInvalid(InvalidInput):
    code = "name_invalid"


class AliasFileInvalid(InvalidInput):
    """``line`` (from 1) is where in the file the trouble starts, when known."""

    code = "alias_file_invalid"

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        pointer: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, pointer=pointer, remedy=remedy)
        self.line = line


class EngineRejected(InvalidInput):
    code = "engine_rejected"


class AccessRefused(BodhiError):
    status = 403
    code = "access_refused"
    type = "permission_error"
    exit_code = 77


class KeyMissing(AccessRefused):
    status = 401
    code = "invalid_api_key"
    type = "authentication_error"


class OriginRefused(AccessRefused):
    code = "origin_refused"


class HostRefused(AccessRefused):
    status = 421
    code = "host_refused"


class NotFound(BodhiError):
    status = 404
    code = "not_found"
    type = "not_found_error"
    exit_code = 66


class AliasNotFound(NotFound):
    # The word that OpenAI's own API uses, so that clients which test for it keep working.
    code = "model_not_found"


class ModelFileMissing(NotFound):
    code = "model_file_missing"


class TemplateMissing(NotFound):
    code = "template_missing"


class EngineNotFound(NotFound):
    code = "engine_not_found"


class NotOnHub(NotFound):
    code = "not_on_hub"


class KeyNotFound(NotFound):
    code = "key_not_found"


class RemoteNotFound(NotFound):
    code = "remote_not_found"


class PresetNotFound(NotFound):
    code = "preset_not_found"


class RequestNotFound(NotFound):
    code = "request_not_found"


class RouteNotFound(NotFound):
    code = "route_not_found"


class MethodNotAllowed(BodhiError):
    status = 405
    code = "method_not_allowed"
    type = "invalid_request_error"


class RequestTooSlow(BodhiError):
    status = 408
    code = "request_too_slow"
    type = "invalid_request_error"


class Conflict(BodhiError):
    status = 409
    code = "conflict"
    type = "conflict_error"
    exit_code = 73


class NameTaken(Conflict):
    code = "name_taken"


class NameAmbiguous(Conflict):
    code = "name_ambiguous"


class AliasBroken(Conflict):
    code = "alias_broken"


class AliasChanged(Conflict):
    status = 412
    code = "alias_changed"


class BodyTooLarge(BodhiError):
    status = 413
    code = "body_too_large"
    type = "invalid_request_error"


class MediaTypeRefused(BodhiError):
    status = 415
    code = "media_type_refused"
    type = "invalid_request_error"


class ModelFileUnusable(BodhiError):
    """Also what the header reader raises: ``GgufError`` below it names the offset."""

    status = 422
    code = "model_file_unusable"
    type = "invalid_request_error"
    exit_code = 65


class TemplateUnusable(BodhiError):
    status = 422
    code = "template_unusable"
    type = "invalid_request_error"
    exit_code = 65


class TemplateFailed(TemplateUnusable):
    """``line`` and ``column`` (from 1) are where in the template, when known.

    ``reason`` is what the template or Jinja itself said, which may repeat parts of the messages:
    it is for whoever sent them.
    """

    code = "template_failed"

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        line: int | None = None,
        column: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, pointer="/chat_template", remedy=remedy)
        self.reason = reason
        self.line = line
        self.column = column


class QueueFull(BodhiError):
    status = 429
    code = "queue_full"
    type = "rate_limit_error"
    exit_code = 75


class EngineFailure(BodhiError):
    """What went wrong on the engine's side of the socket."""

    status = 502
    code = "engine_failure"
    exit_code = 69


class EngineCrashed(EngineFailure):
    code = "engine_crashed"


class EngineProtocol(EngineFailure):
    code = "engine_protocol"


class EngineLoadFailed(EngineFailure):
    status = 503
    code = "engine_load_failed"


class RemoteUnreachable(EngineLoadFailed):
    code = "remote_unreachable"


class RemoteKeyRefused(EngineFailure):
    """Never a 401: whoever sent the request cannot mend it, and has a key of their own."""

    code = "remote_key_refused"


class NotEnoughMemory(EngineFailure):
    status = 503
    code = "not_enough_memory"


class ShuttingDown(EngineFailure):
    status = 503
    code = "shutting_down"


class EngineLoadTimeout(EngineFailure):
    status = 504
    code = "engine_load_timeout"


class EngineSilent(EngineFailure):
    status = 504
    code = "engine_silent"


class DownloadFailed(BodhiError):
    """What went wrong on the way from the hub; nothing half-fetched is ever visible."""

    status = 502
    code = "download_failed"
    exit_code = 69


class DownloadRefused(DownloadFailed):
    status = 403
    code = "download_refused"
    type = "permission_error"
    exit_code = 77


class DownloadCorrupt(DownloadFailed):
    status = 502
    code = "download_corrupt"
    exit_code = 65


class StorageFailed(BodhiError):
    status = 507
    code = "storage_failed"
    exit_code = 74


class StartRefused(BodhiError):
    status = 503
    code = "start_refused"
    exit_code = 78


class HomeInUse(StartRefused):
    code = "home_in_use"
    exit_code = 75


class HomeTooNew(StartRefused):
    code = "home_too_new"


class ServerNotRunning(BodhiError):
    """Never sent by a server: it is what the command line says in its place."""

    status = 503
    code = "server_not_running"
    exit_code = 69
