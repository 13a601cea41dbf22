"""A wheel brings the page along, though git ignores it, and is refused where there is none."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.contract.project import ROOT

Built = subprocess.CompletedProcess[str]
_PAGE = ("index.html", "theme.js", "assets/index-abc.js", "assets/index-abc.js.gz")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a wheel is made of, with a page built in it; git ignores that, as in the real one."""
    place = tmp_path / "checkout"
    place.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".gitignore"):
        shutil.copy(ROOT / name, place)
    package = place / "src" / "bodhi"
    package.mkdir(parents=True)
    for name in ("__init__.py", "py.typed"):
        shutil.copy(ROOT / "src" / "bodhi" / name, package)
    (place / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "wheel_hook.py", place / "tools")
    for name in _PAGE:
        file = package / "_ui" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return place


def build(checkout: Path, *targets: str, **environment: str) -> Built:
    command = [sys.executable, "-m", "hatchling", "build", *targets, "--directory", "out"]
    return subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def names_in_wheel(checkout: Path, built: Built) -> set[str]:
    assert built.returncode == 0, built.stderr
    (wheel,) = (checkout / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_every_file_of_the_page(checkout: Path) -> None:
    names = names_in_wheel(checkout, build(checkout, "--target", "wheel"))
    assert {f"bodhi/_ui/{name}" for name in _PAGE} <= names
    assert {"bodhi/__init__.py", "bodhi/py.typed"} <= names


def without_artifacts(checkout: Path) -> None:
    project = checkout / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    changed = text.replace("artifacts = ", "# artifacts = ")
    assert changed != text
    project.write_text(changed, encoding="utf-8")


def test_a_wheel_that_forgets_what_git_ignores_would_be_found(checkout: Path) -> None:
    without_artifacts(checkout)
    with pytest.raises(AssertionError):
        test_a_wheel_holds_every_file_of_the_page(checkout)


def test_there_is_no_wheel_without_a_page(checkout: Path) -> None:
    shutil.rmtree(checkout / "src" / "bodhi" / "_ui")
    refused = build(checkout, "--target", "wheel")
    assert refused.returncode != 0
    assert "make page" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not list(checkout.glob("out/*.whl"))


def test_who_wants_a_wheel_without_a_page_says_so(checkout: Path) -> None:
    shutil.rmtree(checkout / "src" / "bodhi" / "_ui")
    names = names_in_wheel(
        checkout, build(checkout, "--target", "wheel", BODHI_WHEEL_WITHOUT_PAGE="1")
    )
    assert not any("_ui" in name for name in names)


def test_a_checkout_can_be_installed_without_a_page(checkout: Path) -> None:
    shutil.rmtree(checkout / "src" / "bodhi" / "_ui")
    assert build(checkout, "--target", "wheel:editable").returncode == 0
