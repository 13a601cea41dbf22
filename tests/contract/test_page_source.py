"""What the page's own code may never do: turn text into HTML or into a program."""

import re

import pytest

from tests.contract.project import ROOT, files

_RAW = re.compile(
    r"dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write\b"
    r"|\beval\(|new Function\(|createContextualFragment|\bDOMParser\b|srcdoc"
)


def raw_html(source: str) -> list[str]:
    return _RAW.findall(source)


def test_x01_no_code_of_the_page_makes_html_or_programs_of_text() -> None:
    sources = [
        path
        for path in files()
        if path.is_relative_to(ROOT / "web" / "src") and path.suffix in (".ts", ".tsx")
    ]
    assert len(sources) > 100
    found = {path.name: raw_html(path.read_text(encoding="utf-8")) for path in sources}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p dangerouslySetInnerHTML={{ __html: text }} />",
        "node.innerHTML = text",
        "node.insertAdjacentHTML('beforeend', text)",
        "document.write(text)",
        "eval(text)",
        "new Function(text)()",
        "frame.srcdoc = text",
    ],
)
def test_code_that_does_would_be_found(source: str) -> None:
    assert len(raw_html(source)) == 1


# Where a dialog stands, and how what is only heard is hidden: both are said in one place.
_ELSEWHERE = re.compile(
    r"<Modal\b[^>]*?\b(?:centered|yOffset|radius)\b|clip-path:\s*inset\(50%\)", re.DOTALL
)


def test_dialogs_and_what_is_only_heard_are_placed_in_one_place() -> None:
    sources = [
        path
        for path in files()
        if path.is_relative_to(ROOT / "web" / "src") and path.suffix in (".css", ".tsx")
    ]
    assert len(sources) > 200
    found = [path.name for path in sources if _ELSEWHERE.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "source", ["<Modal\n  opened\n  centered\n>", ".hidden { clip-path: inset(50%); }"]
)
def test_a_second_place_would_be_found(source: str) -> None:
    assert _ELSEWHERE.search(source)


# A time of day is written in one way, by lib/times.ts and what that uses.
_CLOCK = re.compile(r"\btoLocale(?:Time|Date)String\b|\bIntl\.DateTimeFormat\b")


def test_times_of_day_are_written_in_one_place() -> None:
    sources = [
        path
        for path in files()
        if path.is_relative_to(ROOT / "web" / "src") and path.suffix in (".ts", ".tsx")
    ]
    found = [path.name for path in sources if _CLOCK.search(path.read_text(encoding="utf-8"))]
    assert found == ["times.ts"]
