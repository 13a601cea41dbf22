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
