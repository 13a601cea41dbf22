"""Building the page: what makes it stale, and that a demo goes on without it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tools import chromium, page


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose page was just built; the steps of a build are counted, not run."""
    for name in ("web/src/api", "web/public", "web/build", ".venv-node", "src/bodhi/_ui"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "index.html", "vite.config.ts"):
        (tmp_path / "web" / name).write_text(name)
    (tmp_path / "web" / "postcss.config.js").write_text("")
    (tmp_path / "web" / "src" / "main.tsx").write_text("one")
    monkeypatch.setattr(page, "ROOT", tmp_path)
    monkeypatch.setattr(page, "WEB", tmp_path / "web")
    monkeypatch.setattr(page, "NODE", tmp_path / ".venv-node")
    monkeypatch.setattr(page, "BUILT", tmp_path / "src" / "bodhi" / "_ui")
    files = tuple(tmp_path / "web" / n for n in ("package.json", "package-lock.json", ".npmrc"))
    monkeypatch.setattr(page, "PACKAGE_FILES", files)
    return tmp_path


@pytest.fixture
def builds(tree: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that the page is really built."""
    counted: list[str] = []

    def build(*arguments: str) -> None:
        counted.append(arguments[2])
        (tree / "src" / "bodhi" / "_ui" / "index.html").write_text("built")

    monkeypatch.setattr(page, "prepare", lambda: None)
    monkeypatch.setattr(page, "npm", build)
    return counted


def test_a_page_that_is_up_to_date_is_not_built_again(builds: list[str]) -> None:
    assert page.main([]) == 0
    assert page.main([]) == 0
    assert builds == ["build"]


@pytest.mark.parametrize(
    "changed", ["src/main.tsx", "src/new.ts", "index.html", "package-lock.json"]
)
def test_a_changed_source_or_lock_makes_it_stale(
    tree: Path, builds: list[str], changed: str
) -> None:
    page.main([])
    (tree / "web" / changed).write_text("two")
    page.main([])
    assert len(builds) == 2


def test_a_page_that_was_deleted_is_built_again(tree: Path, builds: list[str]) -> None:
    page.main([])
    (tree / "src" / "bodhi" / "_ui" / "index.html").unlink()
    page.main([])
    assert len(builds) == 2


def test_a_test_of_the_page_is_no_reason_to_build_it(tree: Path, builds: list[str]) -> None:
    page.main([])
    (tree / "web" / "src" / "a.test.ts").write_text("new")
    page.main([])
    assert len(builds) == 1


def test_a_build_that_fails_is_no_page(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise subprocess.CalledProcessError(1, ["/a/folder/npm", "ci"])

    monkeypatch.setattr(page, "prepare", refuse)
    assert page.main([]) == 1
    assert "page: this did not work: npm ci\n" in capsys.readouterr().err
    assert page.main(["--if-possible"]) == 0
    assert "serves without its page" in capsys.readouterr().err
    assert not (tree / ".venv-node" / ".page").exists()


@pytest.mark.parametrize("wrong", ["lint", "rest"])
def test_neither_the_linter_nor_what_goes_on_beside_it_is_lost(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    npm = tree / ".venv-node" / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text('#!/bin/sh\necho "$3"\ntest "$3" != "$(cat "${0%/*}/wrong")"\n')
    npm.chmod(0o755)
    types = tree / "web" / "src" / "api" / "schema.d.ts"
    types.write_text("types")
    monkeypatch.setattr(page, "TYPES", types)
    monkeypatch.setattr(page, "prepare", lambda: None)
    monkeypatch.setattr(page, "write_types", lambda path: path.write_text("types"))
    npm.with_name("wrong").write_text("nothing")
    assert page.main(["--check"]) == 0
    assert "lint" in capsys.readouterr().out
    npm.with_name("wrong").write_text(wrong)
    assert page.main(["--check"]) == 1
    said = capsys.readouterr()
    assert f"this did not work: npm run --silent {wrong}" in said.err
    assert "lint" in said.out


def test_every_package_of_the_page_has_its_reason() -> None:
    root = Path(__file__).resolve().parents[2]
    explained = (root / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`]+)`", explained.partition("## For the page")[2]))
    for folder in (root / "web", root / "web" / "browser"):
        wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        asked = {*wanted["dependencies"], *wanted.get("devDependencies", {})}
        assert {
            one for one in asked - named if not one.startswith(("@types/", "@eslint/"))
        } == set()


def test_the_chromium_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(chromium.CHOICE, "/opt/mine")
    assert chromium.find_chromium() == Path("/opt/mine")


def test_without_any_chromium_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(chromium.CHOICE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.find_chromium() is None
    for name in ("google-chrome", "chromium-headless-shell"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        assert chromium.find_chromium() == program


def test_only_the_packaged_chromium_gets_other_libraries(tmp_path: Path) -> None:
    assert chromium.libraries_of(tmp_path / "chromium") == {}
    (tmp_path / "lib").mkdir()
    assert chromium.libraries_of(tmp_path / "chromium") == {
        "LD_LIBRARY_PATH": str(tmp_path / "lib")
    }
