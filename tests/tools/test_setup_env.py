"""Setting up: what counts as up to date, what a person is told, and that one waits for another."""

import ast
import ctypes
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup_env
from tools.setup_env import SetupFailed

PROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "x"
[tool.hatch]
[tool.ruff]
line-length = 100
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project whose environment was just set up for running."""
    root = tmp_path / "a tree"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PROJECT)
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        (root / name).write_text(f"# {name}\n")
    setup_env.environment_python(root).symlink_to(sys.executable)
    stamp(root, "runtime")
    return root


def stamp(root: Path, kind: str) -> None:
    setup_env.stamp_path(root).write_text(setup_env.digest(root, kind))


def test_a_stamped_environment_is_up_to_date(tree: Path) -> None:
    assert setup_env.is_up_to_date(tree, "runtime")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-uv.lock"])
def test_a_changed_lock_makes_it_stale(tree: Path, lock: str) -> None:
    (tree / lock).write_text("other")
    assert not setup_env.is_up_to_date(tree, "runtime")


def test_tuning_a_linter_does_not_but_a_new_dependency_does(tree: Path) -> None:
    project = tree / "pyproject.toml"
    project.write_text(PROJECT.replace("100", "99"))
    assert setup_env.is_up_to_date(tree, "runtime")
    project.write_text(PROJECT.replace('name = "x"', 'name = "x"\ndependencies = ["y"]'))
    assert not setup_env.is_up_to_date(tree, "runtime")


def test_a_moved_tree_is_stale_because_its_scripts_name_the_old_place(tree: Path) -> None:
    moved = tree.rename(tree.with_name("moved"))
    assert not setup_env.is_up_to_date(moved, "runtime")


def test_an_environment_whose_python_is_gone_is_stale(tree: Path) -> None:
    python = setup_env.environment_python(tree)
    python.unlink()
    python.symlink_to(tree / "gone")
    assert not setup_env.is_up_to_date(tree, "runtime")


def test_what_the_tests_need_serves_the_server_too_but_not_the_other_way(tree: Path) -> None:
    assert not setup_env.is_up_to_date(tree, "dev")
    stamp(tree, "dev")
    assert setup_env.is_up_to_date(tree, "dev")
    assert setup_env.is_up_to_date(tree, "runtime")


def test_an_interrupted_set_up_is_neither_up_to_date_nor_kept(tree: Path) -> None:
    setup_env.stamp_path(tree).write_text(setup_env.UNFINISHED)
    assert not setup_env.is_up_to_date(tree, "runtime")
    assert not setup_env.can_be_kept(tree)


def test_a_whole_environment_is_changed_in_place_unless_it_was_moved(tree: Path) -> None:
    assert not setup_env.can_be_kept(tree)  # its Python runs, but belongs to another place
    shutil.rmtree(tree / ".venv")
    subprocess.run([sys.executable, "-m", "venv", str(tree / ".venv")], check=True)
    assert setup_env.can_be_kept(tree)
    assert not setup_env.can_be_kept(tree.rename(tree.with_name("moved")))


def test_a_missing_system_library_is_named_with_the_line_that_installs_it() -> None:
    def without_gomp(name: str) -> object:
        if "gomp" in name:
            raise OSError(name)
        return None

    with pytest.raises(SetupFailed, match=r"libgomp\.so\.1[^+]*\n.*apt-get install libgomp1$"):
        setup_env.check_system_libraries(without_gomp)


def test_this_machine_has_the_system_libraries() -> None:
    setup_env.check_system_libraries(ctypes.CDLL)


def test_a_failure_is_told_in_plain_words_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing_loads(name: str) -> object:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", nothing_loads)
    assert setup_env.main([]) == 1
    told = capsys.readouterr().err
    assert "apt-get install libgomp1 libstdc++6" in told
    assert "Traceback" not in told


def test_a_python_without_venv_is_told_what_to_install(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SetupFailed, match=r"apt-get install python3\.\d+-venv"):
        setup_env.make_empty_environment(tree)
    assert setup_env.is_up_to_date(tree, "runtime"), "what was there is left alone"


def test_an_old_python_looks_for_a_newer_one_and_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer"):
        setup_env.run_with_a_newer_python()


def test_an_old_python_can_read_the_script_far_enough_to_say_so() -> None:
    source = Path(setup_env.__file__).read_text()
    ast.parse(source, feature_version=(3, 8))


def test_pips_own_index_is_handed_on_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple")
    pip = setup_env.pip_configuration([sys.executable, "-m", "pip"])
    assert pip["index-url"] == "https://packages.example/simple"
    assert setup_env.uv_environment({}, pip)["UV_DEFAULT_INDEX"] == pip["index-url"]


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_an_index_chosen_for_uv_wins_over_pips(name: str) -> None:
    environment = setup_env.uv_environment({name: "uv's"}, {"index-url": "pip's"})
    assert {environment.get("UV_DEFAULT_INDEX"), environment.get("UV_INDEX_URL")} == {"uv's", None}


def test_a_second_set_up_waits_for_the_first(tree: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tools import setup_env\n"
        "with setup_env.only_one_set_up(Path(sys.argv[1])): print('mine', flush=True)"
    )
    with setup_env.only_one_set_up(tree):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(tree)],
            cwd=setup_env.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stderr is not None
        assert "waiting" in child.stderr.readline()
        assert child.poll() is None
    said, _ = child.communicate(timeout=30)
    assert (said, child.returncode) == ("mine\n", 0)
