"""Downloads into the hub cache: right, resumed, refused; never torn and never elsewhere."""

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.errors import (
    BodhiError,
    DownloadCorrupt,
    DownloadFailed,
    DownloadRefused,
    NameAmbiguous,
    NameInvalid,
    NotOnHub,
    StartRefused,
    StorageFailed,
)
from bodhi.model_files.download import Pulled, pull
from bodhi.model_files.hub_client import Hub, hub_from_environment
from bodhi.model_files.index import ModelIndex
from tests.support.fake_hub import COMMIT, REPO, FakeHub, fake_hub

NAME = "tiny-Q4_K_M.gguf"
CONTENT = os.urandom(300_000)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with fake_hub(files={NAME: CONTENT}) as fake:
        yield fake


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "hub"


def silent(filename: str, done: int, total: int) -> None:
    """No progress wanted."""


def get(
    hub: FakeHub,
    cache: Path,
    name: str = REPO,
    *,
    token: str | None = None,
    revision: str | None = None,
) -> Pulled:
    return pull(name, Hub(hub.address, token, timeout_s=5), cache, silent, revision=revision)


def snapshot_of(cache: Path) -> Path:
    return cache / "models--us--tiny" / "snapshots" / COMMIT


def visible(cache: Path) -> list[str]:
    folder = snapshot_of(cache)
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


def unfinished(cache: Path) -> list[Path]:
    return list(cache.rglob("*.incomplete"))


def test_a_model_lands_as_the_hub_s_own_tools_lay_it_out(hub: FakeHub, cache: Path) -> None:
    pulled = get(hub, cache)
    blob = cache / "models--us--tiny" / "blobs" / hashlib.sha256(CONTENT).hexdigest()
    assert blob.read_bytes() == CONTENT
    link = snapshot_of(cache) / NAME
    assert pulled.paths == (link,)
    assert os.readlink(link) == f"../../blobs/{blob.name}"  # noqa: PTH115
    assert (cache / "models--us--tiny" / "refs" / "main").read_text() == COMMIT
    assert unfinished(cache) == []
    assert pulled.fetched == (NAME,)


def test_what_was_pulled_is_in_the_list_of_models(
    hub: FakeHub, cache: Path, tiny_model: Path
) -> None:
    hub.files = {"sub/tiny-Q8_0.gguf": tiny_model.read_bytes()}
    get(hub, cache, f"{REPO}:q8_0")
    found = ModelIndex(cache).scan().find(REPO, "sub/tiny-Q8_0.gguf")
    assert found is not None
    assert (found.problem, found.refs) == (None, ("main",))


def test_what_is_already_there_is_not_fetched_again(hub: FakeHub, cache: Path) -> None:
    get(hub, cache)
    assert len(hub.bodies()) == 1
    assert get(hub, cache).fetched == ()
    assert len(hub.bodies()) == 1
    (snapshot_of(cache) / NAME).resolve().write_bytes(b"torn")
    assert get(hub, cache).fetched == (NAME,)


def test_a_connection_that_breaks_goes_on_where_it_stopped(hub: FakeHub, cache: Path) -> None:
    hub.cut_after = [1000, 70_000]
    get(hub, cache)
    assert hub.bodies() == [None, "bytes=1000-", "bytes=71000-"]
    assert (snapshot_of(cache) / NAME).read_bytes() == CONTENT


def test_a_download_given_up_is_taken_up_by_the_next_one(hub: FakeHub, cache: Path) -> None:
    hub.cut_after = [5000, 0, 0, 0]
    with pytest.raises(DownloadFailed) as failure:
        get(hub, cache)
    assert "same command" in str(failure.value.remedy)
    assert visible(cache) == []
    assert [p.stat().st_size for p in unfinished(cache)] == [5000]
    get(hub, cache)
    assert hub.bodies()[-1] == "bytes=5000-"
    assert (snapshot_of(cache) / NAME).read_bytes() == CONTENT


@given(length=st.integers(0, len(CONTENT) + 5), ranges=st.booleans())
def test_whatever_length_the_part_has_the_file_comes_out_right(
    tmp_path_factory: pytest.TempPathFactory, length: int, ranges: bool
) -> None:
    cache = tmp_path_factory.mktemp("resumed")
    with fake_hub(files={NAME: CONTENT}, ranges=ranges) as hub:
        _leave_a_part(cache, (CONTENT + b"extra")[:length])
        get(hub, cache)
    assert (snapshot_of(cache) / NAME).read_bytes() == CONTENT
    shutil.rmtree(cache)


def _leave_a_part(cache: Path, content: bytes) -> None:
    blobs = cache / "models--us--tiny" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / f"{hashlib.sha256(CONTENT).hexdigest()}.incomplete").write_bytes(content)


def test_a_part_of_something_else_is_noticed_and_removed(hub: FakeHub, cache: Path) -> None:
    _leave_a_part(cache, b"x" * 1000)
    with pytest.raises(DownloadCorrupt):
        get(hub, cache)
    assert (visible(cache), unfinished(cache)) == ([], [])
    get(hub, cache)
    assert (snapshot_of(cache) / NAME).read_bytes() == CONTENT


def test_a_wrong_hash_is_refused_and_nothing_stays(hub: FakeHub, cache: Path) -> None:
    hub.announced_hash = "0" * 64
    with pytest.raises(DownloadCorrupt, match="hash"):
        get(hub, cache)
    assert (visible(cache), unfinished(cache)) == ([], [])
    assert list((cache / "models--us--tiny" / "blobs").iterdir()) == []


def test_a_file_longer_than_announced_is_refused(hub: FakeHub, cache: Path) -> None:
    hub.announced_size = len(CONTENT) - 1
    with pytest.raises(DownloadCorrupt, match="longer"):
        get(hub, cache)
    assert (visible(cache), unfinished(cache)) == ([], [])


def test_a_file_shorter_than_announced_never_becomes_visible(hub: FakeHub, cache: Path) -> None:
    hub.announced_size = len(CONTENT) + 1
    with pytest.raises(DownloadFailed):
        get(hub, cache)
    assert visible(cache) == []


def test_a_body_without_end_is_cut_at_the_announced_size(hub: FakeHub, cache: Path) -> None:
    hub.endless = True
    with pytest.raises(DownloadCorrupt, match="longer"):
        get(hub, cache)
    assert (visible(cache), unfinished(cache)) == ([], [])


def test_small_files_are_checked_by_git_s_own_hash(hub: FakeHub, cache: Path) -> None:
    hub.files = {"tokenizer_config.json": b'{"a": 1}'}
    # What `git hash-object` says of these bytes.
    hub.announced_hash = hashlib.sha1(b'blob 8\0{"a": 1}').hexdigest()  # noqa: S324
    get(hub, cache, f"{REPO}:tokenizer_config.json")
    assert (snapshot_of(cache) / "tokenizer_config.json").read_bytes() == b'{"a": 1}'
    hub.announced_hash = "0" * 40
    with pytest.raises(DownloadCorrupt):
        get(hub, cache, f"{REPO}:tokenizer_config.json")


def test_an_empty_file_is_a_file(hub: FakeHub, cache: Path) -> None:
    hub.files = {"empty.txt": b""}
    get(hub, cache, f"{REPO}:empty.txt")
    assert (snapshot_of(cache) / "empty.txt").read_bytes() == b""


def test_a_gated_repository_names_the_token(hub: FakeHub, cache: Path) -> None:
    hub.token = "right"
    with pytest.raises(DownloadRefused) as refusal:
        get(hub, cache, token="wrong")
    assert "HF_TOKEN" in str(refusal.value.remedy)
    get(hub, cache, token="right")


@pytest.mark.parametrize("name", ["us/other", f"{REPO}:nothing.gguf", f"{REPO}:Q9_9"])
def test_what_the_hub_does_not_have_is_not_found(hub: FakeHub, cache: Path, name: str) -> None:
    with pytest.raises(NotOnHub):
        get(hub, cache, name)
    assert not cache.exists()


def test_the_token_is_never_shown_to_another_host(hub: FakeHub, cache: Path) -> None:
    with fake_hub(files=hub.files) as elsewhere:
        hub.token, hub.redirect_to = "secret", elsewhere
        get(hub, cache, token="secret")
        assert {key for *_, key in hub.asked} == {"Bearer secret"}
        assert [key for *_, key in elsewhere.asked] == [None]
        assert hub.bodies() == [None]
    assert (snapshot_of(cache) / NAME).read_bytes() == CONTENT


@pytest.mark.parametrize(
    "address", ["file:///etc", "ftp://127.0.0.1", "http://u:p@127.0.0.1", "//["]
)
def test_a_redirect_to_what_is_no_web_address_is_refused(
    hub: FakeHub, cache: Path, address: str
) -> None:
    hub.redirect_address = address
    with pytest.raises(DownloadFailed):
        get(hub, cache)
    assert visible(cache) == []


def test_a_redirect_in_a_circle_ends(hub: FakeHub, cache: Path) -> None:
    hub.redirect_to = hub
    with pytest.raises(DownloadFailed, match="circles"):
        get(hub, cache)
    assert len(hub.asked) < 10


@pytest.mark.parametrize(
    "name", ["../../x-Q4_K_M.gguf", "/etc/x-Q4_K_M.gguf", "a/../../x-Q4_K_M.gguf", "a\\x.gguf"]
)
def test_a_name_that_climbs_out_of_the_cache_cannot_be_chosen(
    hub: FakeHub, tmp_path: Path, name: str
) -> None:
    hub.files = {name: CONTENT}
    for wanted in (REPO, f"{REPO}:Q4_K_M", f"{REPO}:{name}"):
        with pytest.raises((NotOnHub, NameInvalid)):
            get(hub, tmp_path / "hub", wanted)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("digest", ["../../../x", "sha256:" + "0" * 64, "0" * 63, ""])
def test_a_hash_that_is_none_never_names_a_file(hub: FakeHub, tmp_path: Path, digest: str) -> None:
    hub.announced_hash = digest or "?"
    with pytest.raises(DownloadFailed):
        get(hub, tmp_path / "hub")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_folder_that_leads_out_of_the_cache_is_not_written_to(
    hub: FakeHub, cache: Path, tmp_path: Path
) -> None:
    hub.files = {f"sub/{NAME}": CONTENT}
    (tmp_path / "elsewhere").mkdir()
    snapshot_of(cache).mkdir(parents=True)
    (snapshot_of(cache) / "sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageFailed, match="leads out"):
        get(hub, cache)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_split_model_comes_with_all_its_parts_or_not_at_all(hub: FakeHub, cache: Path) -> None:
    parts = {f"m-Q8_0-0000{n}-of-00003.gguf": os.urandom(1000) for n in (1, 2, 3)}
    hub.files = dict(parts)
    hub.names = [*parts][:2]
    with pytest.raises(NotOnHub, match="parts"):
        get(hub, cache, f"{REPO}:Q8_0")
    hub.names = None
    assert get(hub, cache, f"{REPO}:Q8_0").fetched == tuple(parts)
    assert visible(cache) == sorted(parts)


def test_an_ambiguous_or_unknown_quantization_lists_what_there_is(
    hub: FakeHub, cache: Path
) -> None:
    hub.files = dict.fromkeys(("m-Q4_K_M.gguf", "m-Q8_0.gguf", "mmproj-F16.gguf", "README.md"), b"")
    with pytest.raises(NameAmbiguous) as ambiguous:
        get(hub, cache)
    with pytest.raises(NotOnHub) as unknown:
        get(hub, cache, f"{REPO}:Q2_K")
    for error in (ambiguous.value, unknown.value):
        assert "Q4_K_M, Q8_0." in str(error.remedy)
        assert "mmproj" not in str(error.remedy)


def test_a_branch_is_asked_for_and_kept_as_a_ref(hub: FakeHub, cache: Path) -> None:
    get(hub, cache, revision="refs/pr/1")
    assert hub.asked[0][1].endswith("/revision/refs%2Fpr%2F1")
    assert (cache / "models--us--tiny" / "refs" / "refs" / "pr" / "1").read_text() == COMMIT
    with pytest.raises(NameInvalid):
        get(hub, cache, revision="../main")


def test_too_little_room_is_said_before_the_first_byte(
    hub: FakeHub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 10))
    with pytest.raises(StorageFailed, match="has 10 left"):
        get(hub, cache)
    assert hub.bodies() == []


def test_two_downloads_at_once_fetch_the_file_once(hub: FakeHub, cache: Path) -> None:
    hub.hold_after = 1000
    outcomes: list[Pulled | BodhiError] = []

    def run() -> None:
        try:
            outcomes.append(get(hub, cache))
        except BodhiError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert hub.held.wait(10)
    hub.go_on.set()
    for thread in threads:
        thread.join(20)
    assert sorted(len(o.fetched) for o in outcomes if isinstance(o, Pulled)) == [0, 1]
    assert len(hub.bodies()) == 1


@pytest.mark.parametrize("listing", [b"[]", b"{", b"[" * 100_000, b'{"sha": "x", "siblings": []}'])
def test_an_answer_that_makes_no_sense_is_a_plain_error(listing: bytes, cache: Path) -> None:
    with fake_hub(files={NAME: CONTENT}) as hub:
        hub.raw_listing = listing
        with pytest.raises(DownloadFailed, match="cannot be read"):
            get(hub, cache)


def test_the_token_comes_from_the_environment_or_the_file_of_the_hub_s_tools(
    hub: FakeHub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    hub.token = "from-the-file"
    token_file = Path(os.environ["HF_HOME"]) / "token"
    token_file.parent.mkdir()
    token_file.write_text("from-the-file\n")
    assert hub_from_environment().revision(REPO, "main").commit == COMMIT
    monkeypatch.setenv("HF_TOKEN", "another")
    with pytest.raises(DownloadRefused):
        hub_from_environment().revision(REPO, "main")
    monkeypatch.setenv("HF_TOKEN", "two\nlines")
    with pytest.raises(StartRefused) as refusal:
        hub_from_environment()
    assert "lines" not in refusal.value.message
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(DownloadFailed, match="HF_HUB_OFFLINE"):
        hub_from_environment()
