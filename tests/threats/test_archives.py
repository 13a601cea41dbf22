"""T40: archives that are bombs, lies or ways out: read within limits and in memory, and nothing
comes out of them but the text of plain alias files.
"""

import base64
import gzip
import random
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from bodhi.aliases import archive
from bodhi.aliases.archive import unpack
from bodhi.errors import ArchiveInvalid
from tests.aliases.archives import TEXT, member, named, patched, zipped
from tests.aliases.yaml_damage import WHOLES
from tests.support.barrage import SOAK_FAILURES, Limits, barrage, soak_seed
from tests.threats.house import House
from tests.threats.wire import ask, head

# The factor is for a busy machine: a full archive takes 30 ms.
LIMITS = Limits(cpu_s=0.4, memory_bytes=16 * 2**20)
MIB = 2**20
_CENTRAL, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
_PLAIN = named("a.yaml")
_LARGE = zipped(("a.yaml", b"#" * MIB))


def _of_kind(kind: int) -> bytes:
    mode = {"create_system": 3, "external_attr": (kind | 0o777) << 16}
    return zipped((member("a.yaml", **mode), b"/etc/passwd"))


def _with_flag(flag: int) -> bytes:
    bits = struct.pack("<H", flag)
    return patched(_PLAIN, [(_CENTRAL, 8, bits), (_LOCAL, 6, bits)])


def _with_size(packed: bytes, size: int) -> bytes:
    said = struct.pack("<I", size)
    return patched(packed, [(_CENTRAL, 24, said), (_LOCAL, 22, said)])


def _entries(count: int) -> bytes:
    """A table of contents of so many files, all of which would be the same."""
    entry = _PLAIN[_PLAIN.index(_CENTRAL) : _PLAIN.index(_END)]
    body = _PLAIN[: _PLAIN.index(_CENTRAL)]
    size = len(entry) * count
    end = struct.pack("<4s4H2IH", _END, 0, 0, count % 65536, count % 65536, size, len(body), 0)
    return body + entry * count + end


# What may be told of file by file, or be refused as a whole; no text comes out of any of them.
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "text": TEXT.encode(),
    "gzip": gzip.compress(TEXT.encode()),
    "only an end": _END + bytes(18),
    "cut off": _PLAIN[:-10],
    "without its beginning": _PLAIN[9:],
    "up": named("../a.yaml", "../../../../etc/a.yaml", "..", "../"),
    "absolute": named("/etc/a.yaml", "//host/a.yaml", "C:\\a.yaml", "\\\\host\\a.yaml"),
    "in a folder": named("aliases/a.yaml", "aliases/", "./a.yaml"),
    "hidden": named(".a.yaml", "__MACOSX/._a.yaml"),
    "of another kind": named("a.txt", "a.zip", "a.yaml.exe", "a"),
    "a zero in the name": named("a.yaml!exe").replace(b"a.yaml!exe", b"a.yaml\0exe"),
    "no text in the name": patched(_with_flag(0x800), [(b"a.yaml", 0, b"\xff")]),
    "one name twice": named("a.yaml", "b.yaml").replace(b"b.yaml", b"a.yaml"),
    "two names for one": patched(_PLAIN, [(_CENTRAL, 46, b"b")]),
    **{
        f"a {kind}": _of_kind(mode)
        for kind, mode in (
            *(("link", stat.S_IFLNK), ("folder", stat.S_IFDIR), ("pipe", stat.S_IFIFO)),
            *(("device", stat.S_IFBLK), ("socket", stat.S_IFSOCK)),
        )
    },
    "encrypted": _with_flag(0x1),
    "strongly encrypted": _with_flag(0x41),
    "another sum": patched(_PLAIN, [(_CENTRAL, 16, b"\0\0\0\0")]),
    "said to be small": _with_size(_LARGE, 3),
    "said to be huge": _with_size(_LARGE, 2**32 - 2),
    "bzip2": zipped((member("a.yaml", compress_type=zipfile.ZIP_BZIP2), b"#" * MIB)),
    "lzma": zipped((member("a.yaml", compress_type=zipfile.ZIP_LZMA), b"#" * MIB)),
    "a way of packing that is none": patched(
        _PLAIN, [(_CENTRAL, 10, b"\x63\0"), (_LOCAL, 8, b"\x63\0")]
    ),
    "a bomb": zipped(("a.yaml", b"#" * (24 * MIB))),
    "many bombs": zipped(*((f"{number}.yaml", b"#" * MIB) for number in range(24))),
    "an archive in it": zipped(("a.yaml", zipped(("b.yaml", b"#" * MIB)))),
    "one file more than a thousand": zipped(*((f"{n}.yaml", b"") for n in range(1_001))),
    "a thousand times the same": _entries(1_000),
    "eighty thousand": _entries(80_000),
}


def texts_of(packed: bytes) -> list[str]:
    """The texts that come out of an archive."""
    try:
        return [one.text for one in unpack(packed) if one.text is not None]
    except ArchiveInvalid:
        return []


def is_read(packed: bytes) -> bool:
    """Whether any does."""
    return bool(texts_of(packed))


def armed() -> list[str]:
    """Archives out of which a text comes that should not."""
    return [name for name, packed in HOSTILE.items() if is_read(packed)]


def damaged(seed: int, count: int) -> Iterator[bytes]:
    """Archives, each with one to four damages; equal seeds give equal bytes."""
    chance = random.Random(seed)
    whole = zipped(*((f"{number}.yaml", data) for number, data in enumerate(WHOLES)))
    wholes = (whole, _PLAIN, HOSTILE["lzma"], zipped((member("a.yaml", compress_type=0), b"#")))
    for _ in range(count):
        packed = bytearray(chance.choice(wholes))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(packed))
            match chance.randrange(4):
                case 0:
                    packed[at] ^= 1 << chance.randrange(8)
                case 1:
                    packed[at : at + 4] = chance.choice((bytes(4), b"\xff" * 4, _CENTRAL, _END))
                case 2:
                    del packed[at : at + chance.randrange(1, 9)]
                case _:
                    packed[at:at] = packed[chance.randrange(at + 1) : at]
        yield bytes(packed)


@pytest.mark.threat("T40")
def test_no_text_comes_out_of_a_hostile_archive() -> None:
    assert texts_of(_PLAIN) == [TEXT]
    assert armed() == []


@pytest.mark.threat("T40")
def test_what_is_refused_in_an_archive_is_told_and_the_rest_is_read() -> None:
    names = ("../up.yaml", "aliases/a.yaml", ".hidden.yaml", "good.yaml")
    found = unpack(zipped(*((name, TEXT.encode()) for name in names), ("large.yaml", b"#" * MIB)))
    assert [one.file for one in found] == [*names, "large.yaml"]
    assert [one.text for one in found] == [None, None, None, TEXT, None]
    assert all(one.error is not None for one in found if one.text is None)


@pytest.mark.threat("T40")
def test_no_archive_costs_much(tmp_path: Path) -> None:
    found = barrage(HOSTILE.values(), is_read, LIMITS, keep_in=tmp_path)
    assert found.failures == []


@pytest.mark.threat("T40")
def test_no_damage_brings_another_error_or_costs_much(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    found = barrage(damaged(seed, 600), is_read, LIMITS, keep_in=tmp_path)
    assert found.failures == [], f"seed {seed}"
    # Both outcomes must be common, or the damage is too coarse or too fine to tell anything.
    assert 600 * 0.05 < found.readable < 600 * 0.95


@pytest.mark.soak
def test_a_hundred_thousand_damages_bring_no_other_error_and_cost_little() -> None:
    count = 100_000
    seed = soak_seed("damaged archives")
    kept = SOAK_FAILURES / f"archives-{seed}"
    found = barrage(
        damaged(seed, count),
        is_read,
        LIMITS,
        keep_in=kept,
        show_every=count // 20,
    )
    assert found.failures == [], f"seed {seed}"


def everything_in(folder: Path) -> dict[str, bytes]:
    """Path -> content of each file, save what a server writes for itself: state and versions."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for name in ("aliases", "drafts", "presets", "templates", "trash")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


@pytest.mark.threat("T40")
def test_nothing_is_written_by_looking_into_an_archive(house: House) -> None:
    before = everything_in(house.home)
    assert before
    for name, packed in {"plain": _PLAIN, **HOSTILE}.items():
        body = orjson.dumps({"archive": base64.b64encode(packed).decode()})
        lines = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        answer = ask(house.port, head("POST", "/api/v1/aliases/unpack", lines) + body)
        assert answer.status in (200, 400), name
        told = orjson.loads(answer.body)
        come_in = [one for one in told.get("files", ()) if one["source_text"] is not None]
        assert bool(come_in) is (name == "plain"), name
        assert all(one["error"]["code"] for one in told.get("files", ()) if one not in come_in)
    assert everything_in(house.home) == before


@pytest.mark.planted("T40")
@pytest.mark.parametrize("careless", ["check_file_name", "_check_kind"])
def test_a_reader_that_takes_any_file_would_be_found(
    careless: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, careless, lambda _: None)
    assert armed()


@pytest.mark.planted("T40")
def test_a_reader_without_limits_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("MAX_BYTES", "MAX_TOTAL_BYTES", "MAX_FILES"):
        monkeypatch.setattr(archive, limit, 1 << 40)
    bombs = [HOSTILE["many bombs"], HOSTILE["a bomb"]]
    found = barrage(bombs, is_read, LIMITS, keep_in=tmp_path)
    assert len(found.failures) == 2
    assert all(" MiB" in failure for failure in found.failures)
