"""``bodhi pull``: what it prints, and how it ends."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from bodhi.cli.progress import line
from tests.support.command_line import PROGRAM, Machine, bodhi
from tests.support.fake_hub import COMMIT, REPO, fake_hub
from tests.support.server import wait_until

NAME = "tiny-Q8_0.gguf"


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")


def test_a_pulled_model_is_listed_and_its_path_printed(machine: Machine, tiny_model: Path) -> None:
    with fake_hub(files={NAME: tiny_model.read_bytes()}) as hub:
        ended = bodhi("pull", f"{REPO}:Q8_0", HF_ENDPOINT=hub.address)
        again = bodhi("pull", REPO, "--json", HF_ENDPOINT=hub.address)
    path = machine.hub / "models--us--tiny" / "snapshots" / COMMIT / NAME
    assert (ended.code, ended.out) == (0, f"{path}\n")
    assert ended.err.startswith("Downloaded us/tiny, ")
    assert ended.err.count("\n") == 1
    assert again.json == {
        "repo": REPO,
        "commit": COMMIT,
        "paths": [str(path)],
        "size_bytes": tiny_model.stat().st_size,
        "fetched": [],
    }
    listed = bodhi("models", "list", "--json").json["models"]
    assert [model["id"] for model in listed] == [f"{REPO}:Q8_0"]


def test_an_unknown_quantization_names_what_there_is(machine: Machine) -> None:
    with fake_hub(files={NAME: b"", "tiny-Q4_0.gguf": b""}) as hub:
        ended = bodhi("pull", f"{REPO}:Q2_K", HF_ENDPOINT=hub.address)
    assert ended.code == 66
    assert ended.err.splitlines() == [
        "Error: us/tiny has no model Q2_K.",
        "It has: Q4_0, Q8_0.",
    ]


def test_ctrl_c_leaves_a_part_that_the_next_pull_goes_on_with(machine: Machine) -> None:
    content = os.urandom(200_000)
    with fake_hub(files={NAME: content}, hold_after=50_000) as hub:
        environment = {**os.environ, "HF_ENDPOINT": hub.address}
        child = subprocess.Popen(
            [*PROGRAM, "pull", REPO],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert hub.held.wait(20)
        blobs = machine.hub / "models--us--tiny" / "blobs"
        assert wait_until(lambda: _size_of_part(blobs) == 50_000, 10)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=20)
        assert child.returncode == 130
        assert "Traceback" not in said
        hub.hold_after = None
        assert bodhi("pull", REPO, HF_ENDPOINT=hub.address).code == 0
        assert hub.bodies() == [None, "bytes=50000-"]
    assert [p.read_bytes() for p in blobs.iterdir()] == [content]


def _size_of_part(blobs: Path) -> int:
    return sum(part.stat().st_size for part in blobs.glob("*.incomplete"))


def test_a_hub_that_is_not_there_is_a_plain_sentence(machine: Machine) -> None:
    ended = bodhi("pull", REPO, HF_ENDPOINT="http://127.0.0.1:9")
    assert ended.code == 69
    assert ended.err.splitlines()[0] == (
        "Error: The connection for us/tiny at main failed or broke off."
    )


def test_the_line_of_progress_says_bytes_rate_and_time_left() -> None:
    shown = line("m\x1b[2J.gguf", 1 << 30, 4 << 30, 32 << 20)
    assert shown == "m[2J.gguf  1.0 GiB of 4.0 GiB  25 %  32.0 MiB/s  1:36 left"
    assert line("m", 0, 10, 0.0) == "m  0 B of 10 B  0 %"


CONFIG = (
    b'{"chat_template": [{"name": "default", "template": "{{ 1 }}"}, '
    b'{"name": "rag", "template": "{{ 2 }}"}]}'
)


def test_a_template_comes_without_its_model_and_can_be_chosen_then(machine: Machine) -> None:
    files = {NAME: b"large", "tokenizer_config.json": CONFIG, "tokenizer.json": b"{}"}
    assert "bodhi pull --template us/tiny" in bodhi("templates", "show", REPO).err
    with fake_hub(files=files) as hub:
        ended = bodhi("pull", "--template", REPO, HF_ENDPOINT=hub.address)
        assert ended.code == 0, ended.err
        again = bodhi("pull", "--template", REPO, "--json", HF_ENDPOINT=hub.address)
        assert len(hub.bodies()) == 1
    snapshot = machine.hub / "models--us--tiny" / "snapshots" / COMMIT
    assert [path.name for path in snapshot.iterdir()] == ["tokenizer_config.json"]
    assert (again.json["paths"], again.json["fetched"]) == ([ended.out.strip()], [])
    assert bodhi("templates", "show", REPO).out == "{{ 1 }}\n"
    assert bodhi("templates", "show", f"{REPO}:rag").out == "{{ 2 }}\n"


def test_every_file_that_a_template_is_read_from_comes(machine: Machine) -> None:
    named = "additional_chat_templates/rag.jinja"
    files = {"chat_template.jinja": b"{{ 3 }}", named: b"{{ 4 }}", "tokenizer_config.json": CONFIG}
    with fake_hub(files={**files, "other.jinja": b"", f"x/{named}": b""}) as hub:
        ended = bodhi("pull", "--template", REPO, "--json", HF_ENDPOINT=hub.address)
    assert sorted(ended.json["fetched"]) == sorted(files)
    assert bodhi("templates", "show", f"{REPO}:rag").out == "{{ 4 }}\n"


def test_a_repository_without_a_template_says_so(machine: Machine) -> None:
    with fake_hub(files={NAME: b""}) as hub:
        nothing = bodhi("pull", "--template", REPO, HF_ENDPOINT=hub.address)
    with fake_hub(files={"tokenizer_config.json": b"{}"}) as hub:
        none = bodhi("pull", "--template", REPO, HF_ENDPOINT=hub.address)
    assert (nothing.code, none.code) == (66, 66)
    assert "us/tiny has no such files on the hub." in nothing.err
    assert "was published without a chat template" in none.err


def test_a_template_is_checked_as_every_download(machine: Machine) -> None:
    files = {"chat_template.jinja": b"{{ 1 }}"}
    with fake_hub(files=files, announced_hash="0" * 64) as hub:
        other = bodhi("pull", "--template", REPO, HF_ENDPOINT=hub.address)
    with fake_hub(files=files, announced_size=17 << 20) as hub:
        huge = bodhi("pull", "--template", REPO, HF_ENDPOINT=hub.address)
        assert hub.bodies() == []
    assert "is not what the hub announced" in other.err
    assert "has more than 16 MiB" in huge.err
    assert not list(machine.hub.rglob("*.jinja"))
    refused = bodhi("pull", "--template", REPO, "--revision", "v1", HF_ENDPOINT=hub.address)
    assert refused.code == 65
