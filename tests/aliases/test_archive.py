"""Alias files in one archive: what goes in comes out, byte for byte, and nothing else does."""

import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.aliases import archive
from bodhi.aliases.archive import MAX_FILES, MAX_TOTAL_BYTES, pack, unpack
from bodhi.aliases.filenames import SUFFIXES, stem_for
from bodhi.aliases.yaml12 import MAX_BYTES
from bodhi.errors import AliasFileInvalid, ArchiveInvalid, BodhiError, InvalidInput, NameInvalid
from bodhi.http import bodies
from tests.aliases.archives import TEXT, named, zipped

stems = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._+@-]{0,126}[A-Za-z0-9]\Z").filter(
    lambda stem: ".." not in stem
)
names = st.builds(str.__add__, stems, st.sampled_from(SUFFIXES))
# Byte order marks, lone returns, zeros: whatever UTF-8 can say.
texts = st.text(max_size=99)
folders = st.dictionaries(names, texts, min_size=1, max_size=6)


@given(folders)
def test_whatever_is_packed_is_unpacked_as_it_was(files: dict[str, str]) -> None:
    packed = pack({name: text.encode() for name, text in files.items()})
    found = unpack(packed)
    assert [one.file for one in found] == sorted(files)
    assert {one.file: one.text for one in found} == files
    assert all(one.error is None for one in found)


@given(folders)
def test_equal_files_make_equal_archives_and_others_can_read_them(files: dict[str, str]) -> None:
    data = {name: text.encode() for name, text in files.items()}
    packed = pack(data)
    assert pack(dict(reversed(data.items()))) == packed
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == data
        assert {one.date_time for one in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@given(st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:/+@-]{0,127}\Z"))
def test_the_file_of_every_name_that_an_alias_can_have_is_taken(name: str) -> None:
    try:
        file = f"{stem_for(name)}.yaml"
    except NameInvalid:
        return
    assert unpack(pack({file: b""})) == [(file, "", None)]


def test_archives_that_other_programs_make_are_read() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("käse name.yml", TEXT)
        with opened.open("streamed.yaml", "w") as part:  # its sizes stand behind it
            part.write(TEXT.encode())
        opened.comment = b"from elsewhere"
    found = unpack(stored.getvalue())
    assert [(one.file, one.text) for one in found] == [
        ("käse name.yml", TEXT),
        ("streamed.yaml", TEXT),
    ]


def test_a_file_is_refused_by_itself_and_the_others_are_read() -> None:
    large = b"#" * (MAX_BYTES + 1)
    latin = b"alias: a\nnote: gr\xfc\xdfe\n"
    found = unpack(
        zipped(
            ("a.yaml", TEXT.encode()), ("large.yaml", large), ("latin.yaml", latin), ("b.yml", b"")
        )
    )
    assert [one.text for one in found] == [TEXT, None, None, ""]
    assert "larger than 256 KiB" in str(found[1].error)
    assert isinstance(found[2].error, AliasFileInvalid)
    assert found[2].error.line == 2


def test_as_much_as_is_allowed_goes_in_and_comes_out_and_no_more() -> None:
    many = {f"{number}.yaml": b"" for number in range(MAX_FILES)}
    assert len(unpack(pack(many))) == MAX_FILES
    large = dict.fromkeys((f"{n}.yaml" for n in range(MAX_TOTAL_BYTES // MAX_BYTES)), b"\n")
    large = {name: data * MAX_BYTES for name, data in large.items()}
    assert sum(len(one.text or "") for one in unpack(pack(large))) == MAX_TOTAL_BYTES
    for files in (many | {"one-more.yaml": b""}, large | {"one-more.yaml": b"\n"}):
        with pytest.raises(InvalidInput, match="at most 1,000 aliases and 4 MiB"):
            pack(files)
        with pytest.raises(ArchiveInvalid, match="more than 1,000 files, or more than 4 MiB"):
            unpack(zipped(*files.items()))


def test_the_largest_export_fits_into_one_body_of_the_control_plane() -> None:
    """Bytes that cannot be packed, under the longest names."""
    chance, each = random.Random(1), MAX_TOTAL_BYTES // MAX_FILES
    files = {f"{'x' * 246}{number:04}.yaml": chance.randbytes(each) for number in range(MAX_FILES)}
    assert len(pack(files)) * 4 / 3 + 100 < bodies.MAX_BYTES


NO_NAMES = [
    *("../a.yaml", "/a.yaml", "a/b.yaml", "a\\b.yaml", "C:a.yaml", "..yaml", ".a.yaml", "a", ""),
    *(
        "a.txt",
        "a.yaml/",
        "a.YAML",
        "a\n.yaml",
        "a\x00.yaml",
        "a\u202elmay.yaml",
        "é" * 126 + ".yaml",
    ),
]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_is_no_alias_files_goes_neither_in_nor_out(name: str) -> None:
    with pytest.raises(NameInvalid):
        pack({name: b""})
    if "\x00" in name or not name:  # which the standard library does not write
        return
    (found,) = unpack(named(name))
    assert (found.text, type(found.error)) == (None, NameInvalid)
    assert found.file.isprintable()


def test_damage_is_of_zipfile_alone() -> None:
    """Else an error of ours would be taken for a damaged archive."""
    assert not any(issubclass(BodhiError, kind) for kind in archive._DAMAGE)
