"""Failures: engines, the hub, the disk, the start. The tree is drawn in the package's docstring."""

from bodhi.errors.base import BodhiError


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


class DatabaseUnavailable(StorageFailed):
    status = 503
    code = "database_unavailable"


class DatabaseDamaged(DatabaseUnavailable):
    code = "database_damaged"


class DatabaseTooNew(DatabaseUnavailable):
    code = "database_too_new"
    exit_code = 78


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
