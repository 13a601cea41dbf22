"""What the name of a file, a repository or a snapshot says, and which names may be used. Pure."""

import re
from typing import NamedTuple

from bodhi.errors import NameInvalid

_REPO = re.compile(r"(?!\.\.?/)[A-Za-z0-9_.-]{1,96}/(?!\.\.?\Z)[A-Za-z0-9_.-]{1,96}")
_REVISION = re.compile(r"[A-Za-z0-9_.+-]{1,96}(?:/[A-Za-z0-9_.+-]{1,96}){0,7}")
_LONGEST_FILE_NAME = 1024

# The names that llama.cpp's quantize gives (Q4_K_M, IQ4_XS, TQ1_0, MXFP4_MOE), the repacked ones
# (Q4_0_4_8), those of publishers' own mixtures (UD-Q4_K_XL, Q6_K_L) and the plain float types.
_QUANTIZATION = re.compile(
    r"""(?<![A-Z0-9])
    (?: (?:UD-)? I?Q[1-9]_ (?:[01]|K|NL|XXS|XS|S|M) (?:_(?:[0-9]|XXL|XL|XXS|XS|NL|L|M|S|P|R[48]))*
      | (?:UD-)? TQ[12]_0
      | (?:UD-)? MXFP4(?:_MOE)? | NVFP4
      | BF16 | FP(?:8|16|32) | F(?:16|32|64)
    )
    (?![A-Z0-9])""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
# As llama.cpp writes it: it looks for the other parts under exactly these names.
_PART = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.DOTALL | re.ASCII)


class SplitName(NamedTuple):
    """``base-00001-of-00003.gguf``, taken apart; numbers count from 1."""

    base: str
    number: int
    total: int

    def part(self, number: int) -> str:
        return f"{self.base}-{number:05d}-of-{self.total:05d}.gguf"


def is_model_name(filename: str) -> bool:
    """Whether a file is listed as a model, judged by its name.

    ``mmproj-*`` files are projectors: they give eyes or ears to the model beside them and cannot
    be loaded alone, so a row for one would only be in the way.
    """
    name = filename.rpartition("/")[2].lower()
    return name.endswith(".gguf") and not name.startswith("mmproj-")


def split_name(filename: str) -> SplitName | None:
    """The parts of a split file's name, or None for a file that is whole."""
    match = _PART.fullmatch(filename)
    if match is None:
        return None
    number, total = int(match[2]), int(match[3])
    return SplitName(match[1], number, total) if 1 <= number <= total else None


def stem(filename: str) -> str:
    """``folder/name-00001-of-00003.gguf`` -> ``name``."""
    split = split_name(filename)
    whole = split.base if split else re.sub(r"\.gguf$", "", filename, flags=re.IGNORECASE)
    return whole.rpartition("/")[2]


def quantization_in(filename: str) -> str | None:
    """The quantization that the file's own name gives, in upper case; the last one if several."""
    found = _QUANTIZATION.findall(stem(filename))
    return found[-1].upper() if found else None


def is_repo(name: str) -> bool:
    return _REPO.fullmatch(name) is not None


def check_repo(repo: str) -> str:
    """``repo`` if it is ``owner/name`` as the hub allows; raises NameInvalid."""
    if not is_repo(repo):
        raise NameInvalid("A repository is written owner/name.", pointer="/repo")
    return repo


def check_filename(filename: str) -> str:
    """``filename`` if it stays within a folder; raises NameInvalid."""
    if (
        not filename
        or len(filename) > _LONGEST_FILE_NAME
        or not filename.isprintable()
        or filename.startswith("/")
        or "\\" in filename
        or ":" in filename
        or _climbs(filename)
    ):
        raise NameInvalid(
            "A file name is relative to its repository and has no '..'.", pointer="/filename"
        )
    return filename


def is_snapshot(name: str) -> bool:
    return _REVISION.fullmatch(name) is not None and not _climbs(name)


def check_snapshot(snapshot: str) -> str:
    """``snapshot`` if it can be a commit, a ref or a snapshot folder; raises NameInvalid."""
    if not is_snapshot(snapshot):
        raise NameInvalid("A snapshot is a commit hash, a branch or a tag.", pointer="/snapshot")
    return snapshot


def _climbs(name: str) -> bool:
    return any(part in {"", ".", ".."} for part in name.split("/"))
