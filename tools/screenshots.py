"""Takes the pictures in ``docs/pictures``: a real server, a real engine, a real browser.

    python -m tools.screenshots                  those that the documents show
    python -m tools.screenshots FOLDER           every screen and state, both themes and sizes
    python -m tools.screenshots FOLDER NAME ...  those alone; aliases* is each that begins so

The home is the one that the tests of the page have, so that a picture shows what is tested.
"""

from __future__ import annotations

import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e.browsing import Size, Theme, chromium, visitor
from tests.e2e.history import write_history
from tests.e2e.homes import showcase_home
from tests.support.server import RunningServer, running_server
from tools.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Browser

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SHOWN: list[tuple[str, Size, Theme]] = [
    ("aliases", "desk", "light"),
    ("details", "desk", "dark"),
    ("playground", "desk", "light"),
    ("aliases", "phone", "dark"),
]
SIZES: tuple[Size, ...] = ("desk", "phone")
THEMES: tuple[Theme, ...] = ("light", "dark")
# That something is on its way is shown only to who had to wait for it.
SHOWN_LATE_MS = 1200
# Looked at critically, a list has an alias in whose file something is misspelt.
ODD = """\
alias: odd
repo: bodhi/demo
filename: demo.Q8_0.gguf
request_params:
  temperature: 0.5
descripton: How a sketch of an essay sounds.
lora: adapters/style.gguf
"""


def main(arguments: list[str]) -> None:
    """Take the pictures into the folder that is named, or the shown ones into the documents."""
    folder = Path(arguments[0]) if arguments else PICTURES
    wanted = list(pictures_of(arguments[1:])) if arguments else SHOWN
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as root:
        place = showcase_home(Path(root))
        if arguments:
            (place.home / "aliases" / "odd.yaml").write_text(ODD, encoding="utf-8")
        with running_server(place.home, place.hub) as server:
            write_history(server, place.home)
        # When each was used last is remembered from the start of a server.
        with running_server(place.home, place.hub) as server, chromium() as browser:
            warm_up(server)
            for picture in wanted:
                take(browser, server.address, folder, *picture)


def pictures_of(patterns: list[str]) -> Iterable[tuple[str, Size, Theme]]:
    """Every scene that one of the patterns names, or every scene there is."""
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in SCENES):
            raise SystemExit(f"There is no scene {pattern}; there are: {' '.join(SCENES)}")
    for name in SCENES:
        if not patterns or any(fnmatchcase(name, pattern) for pattern in patterns):
            yield from ((name, size, theme) for size in SIZES for theme in THEMES)


def warm_up(server: RunningServer) -> None:
    """Load one model, so that the list has one that is in memory."""
    server.openai().chat.completions.create(
        model="demo:precise", messages=[{"role": "user", "content": "Hello!"}]
    )


def take(browser: Browser, address: str, folder: Path, name: str, size: Size, theme: Theme) -> None:
    scene = SCENES[name]
    # One pixel a pixel, and no large window: pictures in a repository stay in it for ever.
    options: dict[str, Any] = {"device_scale_factor": 1, "reduced_motion": "reduce"}
    if folder == PICTURES and size == "desk":
        options["viewport"] = {"width": 1280, "height": 760}
    with visitor(browser, address, size, theme, **options) as visiting:
        if scene.provokes:
            visiting.await_complaint(".")
        scene.show(visiting)
        page = visiting.page
        if scene.waits:
            page.wait_for_timeout(SHOWN_LATE_MS)
        else:
            page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        picture = folder / f"{name}-{size}-{theme}.png"
        page.screenshot(path=picture)
        page.unroute_all(behavior="ignoreErrors")
        print(f"{picture.name}  {picture.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
