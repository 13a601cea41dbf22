"""The documents are true where that can be checked: links lead somewhere, nothing is left out."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.contract.layers import room
from tests.contract.project import ROOT, files, modules

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PAGES = [path for path in files() if path.suffix == ".md"]


def dead_links(page: Path) -> list[str]:
    """Relative links of a Markdown page to files or headings that do not exist."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(text) if not _leads_somewhere(page, link)]


def _leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    name, _, heading = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not heading or heading in _headings(target))


def _headings(page: Path) -> set[str]:
    """Anchors as the usual renderers make them: lower case, words joined by hyphens."""
    titles = re.findall(
        r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_a_dead_link_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One Thing\n[a](#one-thing) [b](page.md) [c](gone.md) [d](#two) [e](http://x)"
    )
    assert dead_links(page) == ["gone.md", "#two"]


def test_the_code_map_shows_every_room() -> None:
    drawn = (ROOT / "docs" / "code-map.md").read_text(encoding="utf-8")
    rooms = {r for m in modules("src") if (r := room(m.name)) is not None} - {"__main__"}
    assert [r for r in sorted(rooms) if f"`{r}`" not in drawn] == []


def dependencies(*groups: str) -> set[str]:
    """Names that pyproject.toml asks for: for running, and those of these groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += [line for line in project["dependency-groups"][group] if isinstance(line, str)]
    return {re.split(r"[\s<>=!;\[]", line)[0] for line in lines}


def explained_dependencies() -> set[str]:
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)`", page, re.MULTILINE))


def test_every_dependency_has_its_reason_and_no_other_is_named() -> None:
    assert explained_dependencies() == dependencies("build", "dev") | {"uv"}


def test_decisions_are_numbered_once_and_stay_on_one_page() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [page.name[:4] for page in pages]
    assert pages
    assert len(set(numbers)) == len(numbers)
    assert [page.name for page in pages if len(page.read_text("utf-8").split()) > 600] == []
