"""``/api/v1/templates/{name}``: the user's own chat templates, read, saved and put away."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from bodhi.chat_templates.own_store import OwnTemplates, StoredTemplate
from bodhi.chat_templates.render import Renderer
from bodhi.chat_templates.sources import FILE_PREFIX
from bodhi.chat_templates.trial import try_template
from bodhi.errors import (
    InvalidInput,
    NameTaken,
    PreconditionMissing,
    StorageFailed,
    TemplateChanged,
    TemplateFailed,
    TemplateMissing,
)
from bodhi.http.conditional import UNCHANGED, IfMatch, IfNoneMatch, respond
from bodhi.http.control import refusals
from bodhi.http.etag import based_on
from bodhi.params.findings import Finding
from bodhi.params.rules.rule import Severity

_Name = Annotated[
    str, Path(description="The file's name without .jinja.", max_length=512, examples=["mine"])
]


class TemplateFinding(BaseModel):
    """What a template cannot do, or does otherwise than may be expected."""

    code: str
    severity: Severity
    message: str
    fix: str = Field(description="What would mend it, in words; empty if nothing has to be.")


class OwnTemplate(BaseModel):
    """One of the user's own chat templates."""

    name: str
    chat_template: str = Field(description="What an alias says to use it.", examples=["file:mine"])
    text: str = Field(description="The Jinja text.")
    etag: str
    modified_at: float = Field(description="Seconds since the epoch.")
    findings: list[TemplateFinding] = Field(description="What its trial showed.")


class TemplateSent(BaseModel):
    """The text of a template."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="Jinja text, at most 256 KiB.", examples=["{{ bos_token }}"])


class TemplateDeleted(BaseModel):
    """Where a deleted template is kept."""

    kept_as: str = Field(description="The file's name in the home's folder trash.")


def own_template_routes(templates: OwnTemplates, renderer: Renderer) -> APIRouter:
    """The routes over one home's templates."""
    router = APIRouter(tags=["templates"])
    router.include_router(_reading(templates, renderer))
    router.include_router(_saving(templates, renderer))
    router.include_router(_deleting(templates))
    return router


def _reading(templates: OwnTemplates, renderer: Renderer) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/templates/{name}",
        summary="Show a template of your own",
        response_model=OwnTemplate,
        responses=UNCHANGED | refusals(TemplateMissing),
    )
    async def show_own_template(name: _Name, if_none_match: IfNoneMatch = None) -> Response:
        """The text of a file, and what its trial shows; one that has an error is shown as well."""
        stored = await asyncio.to_thread(templates.read, name)
        findings = (await try_template(renderer, stored.text)).told
        return _respond(stored, findings, if_none_match=if_none_match)

    return router


def _saving(templates: OwnTemplates, renderer: Renderer) -> APIRouter:
    router = APIRouter()

    @router.put(
        "/templates/{name}",
        summary="Save a template of your own",
        response_model=OwnTemplate,
        responses={201: {"model": OwnTemplate, "description": "There was none of this name."}}
        | refusals(InvalidInput, TemplateMissing, NameTaken, TemplateChanged, TemplateFailed)
        | refusals(StorageFailed),
    )
    async def save_own_template(
        name: _Name, asked: TemplateSent, if_match: IfMatch = None
    ) -> Response:
        """A new file or, with If-Match, another text in one that is there.

        The text is tried first on three conversations. One that has an error, or makes no prompt of
        the plainest, is refused with line and column, and nothing is saved.
        """
        etags = None if if_match is None else based_on(if_match)
        findings = await _tried(renderer, asked.text)
        if if_match is None:
            stored = await asyncio.to_thread(templates.create, name, asked.text)
            return _respond(stored, findings, is_new=True)
        stored = await asyncio.to_thread(templates.replace, name, asked.text, etags)
        return _respond(stored, findings)

    return router


def _deleting(templates: OwnTemplates) -> APIRouter:
    router = APIRouter()

    @router.delete(
        "/templates/{name}",
        summary="Delete a template of your own",
        responses=refusals(
            *(InvalidInput, TemplateMissing, TemplateChanged, PreconditionMissing, StorageFailed)
        ),
    )
    async def delete_own_template(name: _Name, if_match: IfMatch = None) -> TemplateDeleted:
        """Move the file to the trash. Aliases that use it do not serve until there is one again."""
        kept_as = await asyncio.to_thread(templates.delete, name, based_on(if_match))
        return TemplateDeleted(kept_as=kept_as)

    return router


async def _tried(renderer: Renderer, text: str) -> Sequence[Finding]:
    """What a trial shows. Raises TemplateFailed where it makes no prompt."""
    trial = await try_template(renderer, text)
    if trial.error is not None:
        trial.error.pointer = "/text"
        raise trial.error
    return trial.findings


def _respond(
    stored: StoredTemplate,
    findings: Sequence[Finding],
    *,
    is_new: bool = False,
    if_none_match: str | None = None,
) -> Response:
    keys = ("code", "severity", "message", "fix")
    shown = OwnTemplate(
        name=stored.name,
        chat_template=f"{FILE_PREFIX}{stored.name}",
        text=stored.text,
        etag=stored.etag,
        modified_at=stored.modified_at,
        findings=[TemplateFinding(**{key: getattr(one, key) for key in keys}) for one in findings],
    )
    return respond(
        [shown.model_dump_json().encode()],
        stored.etag,
        if_none_match,
        status=201 if is_new else 200,
        location=f"/api/v1/templates/{stored.name}" if is_new else None,
    )
