"""Asking in the playground and the comparison, also of what never ends by itself."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.e2e.homes import Place
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

_REPO = "tests/tiny-GGUF"


def ask(page: Page, prompt: str) -> None:
    page.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)
    page.keyboard.press("Control+Enter")


def answers(page: Page) -> Locator:
    return page.get_by_role("region", name="Answer", exact=True)


def write_endless(place: Place, root: Path, **contexts: int) -> None:
    """Aliases by name, with a context size and so an engine each, that answer until stopped."""
    model = root / "tiny.gguf"
    write_tiny_gguf(model, ctx=262_144)
    place_in_hub(place.hub, _REPO, "tiny.F32.gguf", model, refs={"main": "main"})
    for name, context in contexts.items():
        (place.home / "aliases" / f"{name}.yaml").write_text(
            f"alias: {name}\nrepo: {_REPO}\nfilename: tiny.F32.gguf\n"
            f"context_params:\n  n_ctx: {context}\n  n_threads: 1\n",
            encoding="utf-8",
        )
