"""Refusals: what whoever asked can mend. The tree is drawn in the package's own docstring."""

from bodhi.errors.base import BodhiError


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


class ArchiveInvalid(InvalidInput):
    code = "archive_invalid"


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


class VersionNotFound(NotFound):
    code = "version_not_found"


class DraftNotFound(NotFound):
    code = "draft_not_found"


class NotInTrash(NotFound):
    code = "not_in_trash"


class KeyNotFound(NotFound):
    code = "key_not_found"


class JobNotFound(NotFound):
    code = "job_not_found"


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


class JobStateConflict(Conflict):
    code = "job_state_conflict"


class NoKeyNeeded(Conflict):
    code = "no_key_needed"


class NameAmbiguous(Conflict):
    code = "name_ambiguous"


class AliasNotEditable(Conflict):
    code = "alias_not_editable"


class ModelFileChanged(Conflict):
    code = "model_file_changed"


class AliasBroken(Conflict):
    code = "alias_broken"


class AliasChanged(Conflict):
    status = 412
    code = "alias_changed"


class TemplateChanged(Conflict):
    status = 412
    code = "template_changed"


class DraftChanged(Conflict):
    status = 412
    code = "draft_changed"


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


class PreconditionMissing(BodhiError):
    status = 428
    code = "precondition_missing"
    type = "invalid_request_error"


class QueueFull(BodhiError):
    status = 429
    code = "queue_full"
    type = "rate_limit_error"
    exit_code = 75


class TooManyTries(BodhiError):
    status = 429
    code = "too_many_tries"
    type = "rate_limit_error"
    exit_code = 77
