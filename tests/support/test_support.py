"""The test support itself: the model loads, the hub layout is right, the guard bites."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import gguf
import pytest

from tests.support.hub import place_in_hub
from tests.support.network_guard import LeftTheMachine, is_local
from tests.support.tiny_gguf import write_tiny_gguf

# One thread: spinning for a second core that is busy costs a hundred times the work itself.
ASK_THE_ENGINE = """
import os, sys, urllib.request
import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.hostnames, params.port = ["127.0.0.1"], 0
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.n_ctx, params.ui, params.cache_ram_mib = 512, False, 0
server = xllamacpp.Server(params)
request = urllib.request.Request(
    server.listening_address + "/v1/chat/completions",
    sys.argv[2].encode(),
    {"content-type": "application/json"},
)
print(urllib.request.urlopen(request, timeout=30).read().decode(), flush=True)
os._exit(0)
"""


def answer(model: Path, **request: object) -> tuple[str, int, str]:
    """Ask a real engine once: why the reply ended, its length in tokens, its text."""
    body = {"messages": [{"role": "user", "content": "hello"}], "seed": 1, **request}
    child = subprocess.run(
        [sys.executable, "-c", ASK_THE_ENGINE, str(model), json.dumps(body)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    reply = json.loads(child.stdout)
    choice = reply["choices"][0]
    return (
        choice["finish_reason"],
        reply["usage"]["completion_tokens"],
        choice["message"]["content"],
    )


def test_the_tiny_model_answers_in_plain_letters_exactly_as_long_as_it_may(
    tiny_model: Path,
) -> None:
    reason, length, text = answer(tiny_model, max_tokens=100, temperature=2, top_k=0, min_p=0)
    assert (reason, length) == ("length", 100)
    assert text.isascii()
    assert text.replace(" ", "").isalpha()


def test_a_high_bias_makes_the_tiny_model_end_its_reply(tmp_path: Path) -> None:
    model = tmp_path / "ends.gguf"
    write_tiny_gguf(model, eos_bias=4.0)
    assert answer(model, max_tokens=100)[0] == "stop"


def test_equal_arguments_write_equal_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        write_tiny_gguf(tmp_path / name, seed=seed)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c


def test_metadata_adds_and_replaces_header_keys(tmp_path: Path) -> None:
    model = tmp_path / "m.gguf"
    write_tiny_gguf(
        model,
        chat_template=None,
        metadata={"general.sampling.temp": 0.5, "general.name": "other", "x.n": -1, "x.b": True},
    )
    fields = gguf.GGUFReader(model).fields
    assert fields["general.sampling.temp"].contents() == 0.5
    assert fields["general.name"].contents() == "other"
    assert fields["x.n"].contents() == -1
    assert fields["x.b"].contents() is True
    assert "tokenizer.chat_template" not in fields


def test_a_placed_file_is_a_relative_link_to_its_blob(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    placed = place_in_hub(
        tmp_path / "hub", "owner/repo", "sub/m.gguf", source, refs={"main": "abc"}, snapshot="abc"
    )
    repo = tmp_path / "hub" / "models--owner--repo"
    assert placed == repo / "snapshots" / "abc" / "sub" / "m.gguf"
    assert not placed.readlink().is_absolute()
    assert placed.resolve().parent == (repo / "blobs").resolve()
    assert (repo / "refs" / "main").read_text() == "abc"


def test_a_placed_file_can_be_a_plain_copy(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    placed = place_in_hub(tmp_path, "owner/repo", "m.gguf", source, link_blob=False)
    assert not placed.is_symlink()
    assert placed.read_bytes() == b"bytes"


def test_no_test_can_connect_to_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(LeftTheMachine):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("example.org", 80)


def test_loopback_and_unix_sockets_stay_open(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as caller:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        caller.connect(str(tmp_path / "s"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", None, "0.0.0.0"])  # noqa: S104
def test_loopback_counts_as_local(host: str | None) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "192.0.2.1", "example.org", "localhost.evil.org"])
def test_everything_else_does_not(host: str) -> None:
    assert not is_local(host)


def test_homes_lie_in_the_test_folder_and_nothing_else_of_ours_is_set(tmp_path: Path) -> None:
    ours = {k for k in os.environ if k.startswith(("BODHI_", "HF_"))} - {"BODHI_SHARED_FIXTURES"}
    assert ours == {"BODHI_HOME", "HF_HOME", "HF_HUB_OFFLINE"}
    assert Path(os.environ["BODHI_HOME"]).is_relative_to(tmp_path)
