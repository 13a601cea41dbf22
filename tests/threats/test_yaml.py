"""T19: bombs and tags among the alias files: each disables itself, at once, and no other."""

import os
import time
from pathlib import Path

import pytest
import yaml

from bodhi.aliases import reader
from bodhi.aliases.folder import read_folder
from bodhi.aliases.yaml12 import Entry, Mapping, Scalar
from tests.aliases.samples import alias_text, names_of, open_store, write_file

HEAD = alias_text("NAME")
LAUGHS = "a: &a [ha, ha]\n" + "".join(
    f"{c}: &{c} [{', '.join([f'*{chr(ord(c) - 1)}'] * 9)}]\n" for c in "bcdefghijk"
)
BOMBS: dict[str, str | bytes] = {
    "laughs": HEAD + LAUGHS,
    "quadratic": HEAD + f"a: &a {'x' * 60_000}\nb: [{', '.join(['*a'] * 5_000)}]\n",
    "itself": HEAD + "a: &a [*a]\n",
    "merge": HEAD + "a: &a {k: 1}\nb: {<<: *a}\n",
    "object": HEAD + "a: !!python/object/apply:os.system ['touch CANARY']\n",
    "module": HEAD + "a: !!python/module:antigravity\n",
    "binary": HEAD + "a: !!binary aGk=\n",
    "tag": "%TAG ! tag:x,2000:\n---\n" + HEAD,
    "scalar": HEAD + f"a: {'x' * 10_000_000}\n",
    "block": HEAD + "a: |\n" + "  x\n" * 2_500_000,
    "spaces": " " * 10_000_000,
    "flow": HEAD + "a: " + "[" * 100_000 + "]" * 100_000 + "\n",
    "maps": HEAD + "a: " + "{a: " * 50_000 + "}" * 50_000 + "\n",
    "indentation": HEAD + "".join(f"{' ' * n}k:\n" for n in range(600)),
    "keys": HEAD + "".join(f"k{n}: 1\n" for n in range(20_000)),
    "twice": HEAD + "repo: other/model\n",
    "digits": HEAD + f"a: {'9' * 200_000}\n",
    "comments": HEAD + "# x\n" * 60_000 + "a: [\n",
    "documents": HEAD + "---\n" * 60_000,
    "bytes": HEAD.encode() + b"a: \xff\xfe\n",
    "utf-16": HEAD.encode("utf-16"),
    "null": HEAD + "a: \0\n",
}


def plant(home: Path) -> None:
    for name, bomb in BOMBS.items():
        text = bomb if isinstance(bomb, bytes) else bomb.encode()
        named = text.replace(b"NAME", name.encode()).replace(b"CANARY", os.fsencode(home / "gone"))
        write_file(home, name, named)
    write_file(home, "good", alias_text("good"))


@pytest.mark.threat("T19")
def test_every_bomb_disables_itself_alone(tmp_path: Path) -> None:
    plant(tmp_path)
    store = open_store(tmp_path)
    assert names_of(store) == ["good"]
    assert {s.stem for s in store.all() if s.problem} == BOMBS.keys()
    assert not (tmp_path / "gone").exists()
    for stored in store.all():
        assert len(str(stored.problem)) < 500


@pytest.mark.threat("T19")
def test_every_bomb_is_answered_at_once(tmp_path: Path) -> None:
    plant(tmp_path)
    began = time.thread_time()
    read_folder(tmp_path / "aliases", {})
    # 50 ms for each is the aim; the factor is for a busy machine.
    assert time.thread_time() - began < 4 * 0.05 * len(BOMBS)


def armed(home: Path) -> list[str]:
    """Bombs that are served as if they were aliases."""
    return [name for name in names_of(open_store(home)) if name in BOMBS]


@pytest.mark.planted("T19")
def test_a_reader_that_takes_what_yaml_has_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(text: str) -> Mapping:
        """The texts at the top, as stock PyYAML finds them; the rest was let pass."""
        found: dict[str, object] = yaml.safe_load(text)
        texts = {key: value for key, value in found.items() if isinstance(value, str)}
        return Mapping(0, 0, 1, False, [Entry(k, plain(k), plain(v)) for k, v in texts.items()])

    merge = BOMBS["merge"]
    assert isinstance(merge, str)
    write_file(tmp_path, "merge", merge.replace("NAME", "merge"))
    assert names_of(open_store(tmp_path)) == []
    monkeypatch.setattr(reader, "parse", careless)
    assert names_of(open_store(tmp_path)) == ["merge"]


def plain(text: str) -> Scalar:
    return Scalar(0, 0, 1, text, "")
