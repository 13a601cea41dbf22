"""Archives for tests: made by the standard library, in every way that ours are not."""

import io
import zipfile
from collections.abc import Iterable

TEXT = "alias: a\nrepo: owner/model-GGUF\nfilename: model.Q8_0.gguf\n"


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """An archive of these files, deflated, in this order; a ``ZipInfo`` is taken as it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed.getvalue()


def named(*names: str) -> bytes:
    """An archive of usable texts under these names."""
    return zipped(*((name, TEXT.encode()) for name in names))


def member(name: str, **fields: int) -> zipfile.ZipInfo:
    """One entry with fields of its own."""
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_DEFLATED
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def patched(archive: bytes, changes: Iterable[tuple[bytes, int, bytes]]) -> bytes:
    """Bytes put at so far behind each place where a signature stands."""
    found = bytearray(archive)
    for signature, offset, new in changes:
        at = archive.find(signature)
        while at != -1:
            found[at + offset : at + offset + len(new)] = new
            at = archive.find(signature, at + 1)
    return bytes(found)
