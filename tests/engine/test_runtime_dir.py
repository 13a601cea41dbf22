"""The folder for sockets: private, and cleaned up after whoever was killed."""

import stat
from pathlib import Path

import pytest

from bodhi.engine.runtime_dir import SOCKET_PATH_BYTES, RuntimeDir, require_private, socket_path
from bodhi.errors import EngineLoadFailed


def _left_behind(parent: Path, name: str) -> Path:
    """The folder of a server that was killed just now."""
    folder = parent / name
    folder.mkdir(mode=0o700)
    (folder / "old.sock").touch()
    (folder / "lock").touch()
    return folder


def test_the_folder_is_private_made_once_and_gone_at_the_end(tmp_path: Path) -> None:
    folder = RuntimeDir(tmp_path)
    path = folder.path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert folder.path() == path
    (path / "x.sock").touch()
    folder.remove()
    assert list(tmp_path.iterdir()) == []
    folder.remove()
    assert folder.path() != path
    folder.remove()


def test_what_killed_servers_left_behind_is_removed_and_nothing_else(tmp_path: Path) -> None:
    living = RuntimeDir(tmp_path)
    living.path()
    dead = _left_behind(tmp_path, "bodhi-dead")
    open_to_others = _left_behind(tmp_path, "bodhi-open")
    open_to_others.chmod(0o755)
    other = _left_behind(tmp_path, "else")
    link = tmp_path / "bodhi-link"
    link.symlink_to(other)

    mine = RuntimeDir(tmp_path)
    mine.path()

    assert not dead.exists()
    kept = (living.path(), open_to_others, other, link, other / "old.sock")
    assert all(path.exists() for path in kept)
    living.remove()
    mine.remove()


def test_a_folder_that_cannot_be_made_is_an_error_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(EngineLoadFailed, match="No such file") as caught:
        RuntimeDir(tmp_path / "absent").path()
    assert str(tmp_path) not in str(caught.value)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(EngineLoadFailed):
        require_private(tmp_path / "link")
    require_private(tmp_path / "real")


def test_a_socket_is_named_only_where_its_path_fits() -> None:
    assert socket_path(Path("/run"), "id") == Path("/run/id.sock")
    longest = "x" * (SOCKET_PATH_BYTES - len("/run/.sock"))
    assert socket_path(Path("/run"), longest) is not None
    assert socket_path(Path("/run"), longest + "x") is None
