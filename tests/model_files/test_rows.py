"""Laws of the rows, for repositories of any make."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bodhi.model_files.found import FoundFile, FoundRepo
from bodhi.model_files.readings import Reading
from bodhi.model_files.rows import build_rows, in_place

NAMES = [
    "m-Q4_0.gguf", "M-q4_0.gguf", "sub/m-Q4_0.gguf", "Q4_0.gguf", "m.gguf", "q4_0/m.gguf", "n.gguf",
    "m-Q4_0-00001-of-00002.gguf", "m-Q4_0-00002-of-00002.gguf", "m~2.gguf", "m-Q4_0@aaaaaaa.gguf",
]  # fmt: skip
SNAPSHOTS = [None, "main", "a" * 40, "a" * 39 + "b", "c" * 40]


def a_file(snapshot: str | None, filename: str, content: int) -> FoundFile:
    path = f"/{snapshot}/{filename}"
    return FoundFile(
        snapshot, filename, path, path, f"id{content}", 10, float(content), "is a test"
    )


FILES = st.lists(
    st.builds(a_file, st.sampled_from(SNAPSHOTS), st.sampled_from(NAMES), st.integers(0, 3)),
    max_size=25,
    unique_by=lambda file: (file.snapshot, file.filename),
)
REFS = st.dictionaries(
    st.sampled_from(["main", "refs/pr/1"]), st.sampled_from(["a" * 40, "c" * 40, "gone"])
)


def unread(file: FoundFile) -> Reading:
    return Reading(None, file.problem)


@given(FILES, REFS)
def test_ids_are_unique_whatever_a_repository_holds(
    files: list[FoundFile], refs: dict[str, str]
) -> None:
    found = FoundRepo("o/r", tuple(refs.items()), (), tuple(files))
    rows = build_rows("o/r", [found], unread).rows
    ids = [row.id.casefold() for row in rows]
    assert len(set(ids)) == len(ids)
    assert all(row.id == f"o/r:{row.quantization}" for row in rows)
    contents = {(row.filename, row.identity) for row in rows}
    assert len(contents) == len(rows)


@given(FILES, REFS)
def test_every_file_is_in_a_row_and_can_be_reached_where_it_is(
    files: list[FoundFile], refs: dict[str, str]
) -> None:
    found = FoundRepo("o/r", tuple(refs.items()), (), tuple(files))
    models = build_rows("o/r", [found], unread)
    reached = {
        str(part)
        for pairs in models.places.values()
        for place, row in pairs
        for part in in_place(row, place).parts
    }
    assert reached == {file.path for file in files}


@given(FILES, REFS, st.randoms())
def test_the_order_of_the_disk_does_not_matter(
    files: list[FoundFile], refs: dict[str, str], chance: Random
) -> None:
    shuffled = list(files)
    chance.shuffle(shuffled)
    rows, again = (
        build_rows("o/r", [FoundRepo("o/r", tuple(refs.items()), (), tuple(order))], unread).rows
        for order in (files, shuffled)
    )
    assert rows == again
