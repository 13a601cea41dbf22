"""A download is cut, by the network or by a kill: nothing is seen before it is whole and right."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodhi.errors import DownloadFailed
from bodhi.model_files import download
from bodhi.model_files.download import pull
from bodhi.model_files.hub_client import Hub, RemoteFile
from bodhi.model_files.index import ModelIndex
from tests.support.fake_hub import COMMIT, REPO, FakeHub, fake_hub
from tests.support.server import wait_until

NAME = "tiny-Q4_K_M.gguf"
CONTENT = os.urandom(300_000)
HASH = hashlib.sha256(CONTENT).hexdigest()


def _seen(cache: Path) -> list[str]:
    """What others can find of it: in the snapshot, as a finished blob, in the list of models."""
    folder = cache / "models--us--tiny"
    links = [str(path) for path in (folder / "snapshots" / COMMIT).glob("*")]
    blobs = [str(path) for path in (folder / "blobs").glob("*") if path.suffix != ".incomplete"]
    return links + blobs + [row.id for row in ModelIndex(cache).scan().rows]


def broken_promises(cache: Path, cuts: list[int], *, is_wrong: bool = False) -> list[str]:
    """What goes wrong when each connection in turn is cut after so many bytes.

    ``is_wrong``: the hub sends other bytes than it announced.
    """
    wrong: list[str] = []

    def on_progress(filename: str, done: int, total: int) -> None:
        if seen := _seen(cache):
            wrong.append(f"with {done} of {total} bytes {seen} could be seen")

    sent = CONTENT if not is_wrong else bytes(len(CONTENT))
    with fake_hub(files={NAME: sent}, announced_hash=HASH, cut_after=list(cuts)) as hub:
        for _ in range(len(cuts) + 1):
            try:
                pull(REPO, Hub(hub.address, None, timeout_s=5), cache, on_progress)
                break
            except DownloadFailed:
                if seen := _seen(cache):
                    wrong.append(f"after a failure {seen} can be seen")
    path = cache / "models--us--tiny" / "snapshots" / COMMIT / NAME
    if is_wrong and path.exists():
        wrong.append("what is wrong can be seen")
    if not is_wrong and (not path.exists() or path.read_bytes() != CONTENT):
        wrong.append("in the end it is not right")
    return wrong


cut_points = st.lists(st.integers(0, len(CONTENT)), max_size=6)


@pytest.mark.fault("F43")
@settings(max_examples=40)
@given(cuts=cut_points, is_wrong=st.booleans())
def test_wherever_it_is_cut_it_comes_out_right_and_is_never_seen_before(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], is_wrong: bool
) -> None:
    cache = tmp_path_factory.mktemp("cut")
    assert broken_promises(cache, cuts, is_wrong=is_wrong) == []


def _bytes_here(cache: Path) -> int:
    return sum(path.stat().st_size for path in cache.rglob("*.incomplete"))


def _pulling(hub: FakeHub, cache: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "HF_ENDPOINT": hub.address, "HF_HUB_CACHE": str(cache)}
    environment.pop("HF_HUB_OFFLINE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "bodhi", "pull", REPO],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.fault("F43")
def test_a_killed_download_is_not_seen_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    cache = tmp_path / "hub"
    with fake_hub(files={NAME: CONTENT}, hold_after=100_000) as hub:
        with _pulling(hub, cache) as first:
            assert wait_until(lambda: _bytes_here(cache) > 0, 20)
            first.kill()
        assert _seen(cache) == []
        stopped_at = _bytes_here(cache)
        hub.go_on.set()
        with _pulling(hub, cache) as second:
            assert second.wait(30) == 0
        assert hub.bodies() == [None, f"bytes={stopped_at}-"]
    path = cache / "models--us--tiny" / "snapshots" / COMMIT / NAME
    assert path.read_bytes() == CONTENT


Fetch = Callable[[Hub, RemoteFile, Path, Callable[[int], None]], None]


def _straight(hub: Hub, file: RemoteFile, blob: Path, on_bytes: Callable[[int], None]) -> None:
    """Planted: into its final place, as the bytes come."""
    with hub.read(file, 0) as (response, _), blob.open("wb") as out:
        while chunk := response.read1(1 << 16):
            out.write(chunk)
            on_bytes(out.tell())


def _unchecked(hub: Hub, file: RemoteFile, blob: Path, on_bytes: Callable[[int], None]) -> None:
    """Planted: by way of another name, and whatever came is good."""
    partial = blob.with_suffix(".incomplete")
    _straight(hub, file, partial, on_bytes)
    partial.replace(blob)


@pytest.mark.planted("F43")
@pytest.mark.parametrize(
    ("fetch", "found"),
    [(_straight, "could be seen"), (_unchecked, "what is wrong can be seen")],
)
def test_a_download_that_can_be_seen_too_early_or_is_not_checked_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetch: Fetch, found: str
) -> None:
    monkeypatch.setattr(download, "fetch_blob", fetch)
    assert any(found in what for what in broken_promises(tmp_path, [], is_wrong=True))
