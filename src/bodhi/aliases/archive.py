"""Alias files in one archive, packed and unpacked in memory; no file is touched.

The format is ZIP as APPNOTE 6.3.10 has it, of which an archive of aliases needs little: files side
by side, stored or deflated. Whatever else ZIP can hold is refused, and no size in it is believed.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bodhi.aliases.filenames import SUFFIXES
from bodhi.aliases.yaml12 import MAX_BYTES, decode
from bodhi.errors import AliasFileInvalid, ArchiveInvalid, InvalidInput, NameInvalid

MAX_FILES = 1_000
# Of all files of an archive, unpacked; packed and in base64 that much fits into one body.
MAX_TOTAL_BYTES = 4 << 20

# The first moment that ZIP can tell: equal files make an equal archive, whenever it is made.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, (stat.S_IFREG | 0o644) << 16
_LONGEST_NAME = 255
_PIECE = 4096
_ENCRYPTED = 0x1 | 0x40
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# How an entry of an archive's table of contents begins.
_ENTRY = b"PK\x01\x02"
# All that zipfile is known to raise for damage.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, OSError, ValueError, OverflowError, RuntimeError),  # NotImplementedError, too
)


class Unpacked(NamedTuple):
    """One file of an archive: its text, or why it has none."""

    file: str
    text: str | None
    error: AliasFileInvalid | NameInvalid | None = None


def check_file_name(name: str) -> None:
    """Raises NameInvalid for what leads anywhere, or is not what an alias file is called."""
    if not name.isprintable() or len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        raise NameInvalid(f"The name has more than {_LONGEST_NAME} bytes, or odd characters.")
    if any(sign in name for sign in "/\\:"):
        raise NameInvalid("The file lies in a folder, or is one; alias files lie side by side.")
    if name.startswith(".") or not name.endswith(SUFFIXES):
        raise NameInvalid("The name of an alias file ends in .yaml or .yml and begins with no dot.")


def pack(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files (name -> bytes), in the order of their names.

    Raises InvalidInput for more than :func:`unpack` would take, and NameInvalid.
    """
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_TOTAL_BYTES:
        raise InvalidInput(
            f"An archive holds at most {MAX_FILES:,} aliases and {MAX_TOTAL_BYTES >> 20} MiB.",
            remedy="Export fewer at a time.",
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in sorted(files.items()):
            check_file_name(name)
            member = zipfile.ZipInfo(name, _LONG_AGO)
            member.create_system, member.external_attr = _UNIX, _PLAIN_FILE
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(archive: bytes) -> list[Unpacked]:
    """The files in an archive, in its order; each is read, or refused by itself.

    Little more is unpacked than :data:`MAX_TOTAL_BYTES`, whatever the headers say. Raises
    ArchiveInvalid for what is no archive, holds no file, too many, or too much.
    """
    # Before all of its table of contents is read; damage may hide some entries from this count.
    if archive.count(_ENTRY) > MAX_FILES:
        raise _too_much()
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = opened.infolist()
            if len(members) > MAX_FILES:
                raise _too_much()
            found = list(_unpacked(opened, members))
    except _DAMAGE:
        raise ArchiveInvalid(
            "This is no ZIP archive, or a damaged one.",
            remedy="Send an archive as the export makes it.",
        ) from None
    if not found:
        raise ArchiveInvalid("The archive holds no file.")
    return found


class _Reader:
    """Reads files of one archive, within what all of them may have together."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        self._left = MAX_TOTAL_BYTES

    def read(self, member: zipfile.ZipInfo) -> bytes:
        """All of it, or somewhat more than an alias file may have.

        Raises AliasFileInvalid, and ArchiveInvalid where the archive has had enough.
        """
        data = bytearray()
        try:
            with self._opened.open(member) as packed:
                while len(data) <= MAX_BYTES and (piece := packed.read(_PIECE)):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise _too_much()
                    data += piece
        except _DAMAGE:
            raise AliasFileInvalid("The file is damaged in the archive.") from None
        return bytes(data)


def _unpacked(opened: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[Unpacked]:
    names, reader = Counter(member.orig_filename for member in members), _Reader(opened)
    for member in members:
        name = member.orig_filename
        try:
            check_file_name(name)
            if names[name] > 1:
                raise NameInvalid("Another file of the archive has this name, too.")
            _check_kind(member)
            yield Unpacked(name, decode(reader.read(member)))
        except (AliasFileInvalid, NameInvalid) as error:
            yield Unpacked(_shown(name), None, error)


def _check_kind(member: zipfile.ZipInfo) -> None:
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise AliasFileInvalid("It is not a regular file.")
    if member.flag_bits & _ENCRYPTED:
        raise AliasFileInvalid("The file is encrypted.")
    if member.compress_type not in _WAYS:
        raise AliasFileInvalid("The file is packed in a way that Bodhi does not read.")


def _shown(name: str) -> str:
    """A name that nobody chose to be read, with nothing in it but what is."""
    return name if name.isprintable() else name.encode("unicode_escape").decode("ascii")


def _too_much() -> ArchiveInvalid:
    return ArchiveInvalid(
        f"The archive holds more than {MAX_FILES:,} files, or more than "
        f"{MAX_TOTAL_BYTES >> 20} MiB of them.",
        remedy="Bring its files in parts.",
    )
