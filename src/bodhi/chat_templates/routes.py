"""``/api/v1/templates``: which chat templates there are, and what prompt one makes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from bodhi.chat_templates.found import FoundTemplate, ListedTemplate
from bodhi.chat_templates.render import Conversation, Renderer
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.chat_templates.sources import Origin
from bodhi.chat_templates.special import special_spans
from bodhi.errors import NameAmbiguous, ParameterInvalid, TemplateMissing, TemplateUnusable
from bodhi.http.control import refusals

Find: TypeAlias = Callable[[str, str | None], Awaitable[FoundTemplate]]
ListAll: TypeAlias = Callable[[], Awaitable[Sequence[ListedTemplate]]]

_Name = Annotated[str, Field(min_length=1, max_length=512, examples=["llama3"])]


class TemplateItem(BaseModel):
    """One chat template that can be chosen."""

    name: str = Field(
        description="The id, the file as file:NAME, or the model whose file holds it."
    )
    origin: Origin
    families: list[str] = Field(description="The models that a built-in one is for, in words.")
    special_tokens: list[str] = Field(description="Markers that a built-in one spells out.")
    named: list[str] = Field(description="Other templates in the same model file, by name.")
    problem: str | None = Field(description="Why the text of a file cannot be used.")


class TemplateList(BaseModel):
    """Built-in templates first, then the user's files, then each model's own."""

    templates: list[TemplateItem]


class RenderRequest(BaseModel):
    """A conversation, and the template that makes a prompt of it: by name, or as text."""

    model_config = ConfigDict(extra="forbid")

    name: _Name | None = Field(None, description="A template, an alias, a model or a repository.")
    chat_template: Annotated[str, Field(min_length=1, max_length=512)] | None = Field(
        None,
        description="What the alias or model of this name is to use in place of its own.",
        examples=["embedded:tool_use"],
    )
    template: Annotated[str, Field(max_length=MAX_TEMPLATE_BYTES)] | None = Field(
        None, description="Jinja text, in place of a name's template."
    )
    messages: list[dict[str, JsonValue]] = Field(
        examples=[[{"role": "user", "content": "Hello"}]], max_length=10_000
    )
    tools: list[JsonValue] | None = Field(None, description="As in a chat request.")
    add_generation_prompt: bool = Field(True, description="Whether the model is to speak next.")
    chat_template_kwargs: dict[str, JsonValue] = Field(
        {}, description="More names for the template; those that it has are refused."
    )

    @model_validator(mode="after")
    def _says_which(self) -> "RenderRequest":
        if self.name is None and self.template is None:
            raise ValueError("a name or a template is needed")
        if self.chat_template is not None and (self.name is None or self.template is not None):
            raise ValueError("chat_template goes with a name, and without a template")
        return self


class TemplateText(BaseModel):
    """The text of one template, and where it is from."""

    text: str = Field(description="Jinja.")
    origin: Origin
    name: str | None = Field(description="The id, the file, the repository or the model.")


class Span(BaseModel):
    """A part of the prompt, in characters from 0; the end is not part of it."""

    begin: int
    end: int


class Rendered(BaseModel):
    """What a model would be given."""

    prompt: str
    special: list[Span] = Field(description="Where what looks like a special token stands.")
    origin: Origin
    name: str | None
    bos_token: str = Field(description="Of the model, if a name led to one.")
    eos_token: str


def template_routes(find: Find, list_all: ListAll, renderer: Renderer) -> APIRouter:
    """``find`` and ``list_all`` know the models and aliases."""
    router = APIRouter(tags=["templates"])
    router.include_router(_reading(find, list_all))
    router.include_router(_rendering(find, renderer))
    return router


def _reading(find: Find, list_all: ListAll) -> APIRouter:
    router = APIRouter()

    @router.get("/templates", summary="List chat templates")
    async def list_templates() -> TemplateList:
        """Those that come with Bodhi, and those in the model files on this machine."""
        return TemplateList(templates=[_item(one) for one in await list_all()])

    @router.get(
        "/template",
        summary="Show a chat template",
        responses=refusals(TemplateMissing, TemplateUnusable, NameAmbiguous),
    )
    async def show_template(
        name: Annotated[
            str,
            Query(
                description="A template, an alias, a model or a repository.",
                min_length=1,
                max_length=512,
                examples=["llama3"],
            ),
        ],
        chat_template: Annotated[
            str | None,
            Query(description="What the alias or model is to use instead.", max_length=512),
        ] = None,
    ) -> TemplateText:
        """The Jinja text that a name leads to, from wherever it is."""
        found = await find(name, chat_template)
        return TemplateText(text=found.text, origin=found.origin, name=found.name)

    return router


def _rendering(find: Find, renderer: Renderer) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/templates/render",
        summary="Render a chat template",
        responses=refusals(ParameterInvalid, TemplateMissing),
    )
    async def render_template(asked: RenderRequest) -> Rendered:
        """The prompt that a conversation becomes, without starting an engine.

        A template with an error is answered with its line and column.
        """
        found = FoundTemplate("", "inline", None)
        if asked.name:
            found = await find(asked.name, asked.chat_template)
        text = found.text if asked.template is None else asked.template
        origin: Origin = found.origin if asked.template is None else "inline"
        prompt = await renderer.render(text, _conversation(asked, found))
        spans = special_spans(prompt, found.bos_token, found.eos_token)
        return Rendered(
            prompt=prompt,
            special=[Span(begin=begin, end=end) for begin, end in spans],
            origin=origin,
            name=None if origin == "inline" else found.name,
            bos_token=found.bos_token,
            eos_token=found.eos_token,
        )

    return router


def _item(one: ListedTemplate) -> TemplateItem:
    return TemplateItem(
        name=one.name,
        origin=one.origin,
        families=list(one.families),
        special_tokens=list(one.special_tokens),
        named=sorted(one.named or ()),
        problem=one.problem,
    )


def _conversation(asked: RenderRequest, found: FoundTemplate) -> Conversation:
    return Conversation(
        asked.messages,
        tools=asked.tools,
        add_generation_prompt=asked.add_generation_prompt,
        bos_token=found.bos_token,
        eos_token=found.eos_token,
        kwargs=asked.chat_template_kwargs,
    )
