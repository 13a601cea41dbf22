"""Which files of a repository a person means by ``owner/repo:WORD``. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from bodhi.errors import InvalidInput, NameAmbiguous, NotOnHub
from bodhi.model_files.file_names import (
    check_filename,
    check_repo,
    is_model_name,
    quantization_in,
    split_name,
    stem,
)

_MOST_NAMED = 40


class Wanted(NamedTuple):
    """``owner/repo`` and the word after the colon, if there was one."""

    repo: str
    word: str | None


def parse_wanted(text: str) -> Wanted:
    """Take ``owner/repo[:QUANT|file]`` apart. Raises NameInvalid or InvalidInput."""
    repo, colon, word = text.partition(":")
    check_repo(repo)
    if colon and not word:
        raise InvalidInput("After the colon comes a quantization or a file name.")
    return Wanted(repo, check_filename(word) if colon else None)


def choose_files(wanted: Wanted, filenames: Sequence[str]) -> tuple[str, ...]:
    """The one file meant or, of a split model, all its parts in order.

    A name is taken as it stands; else the word is a quantization, as file names give it, or a
    file's stem, and case does not matter. Without a word the repository must have one model.
    Raises NotOnHub and NameAmbiguous, which name what there is.
    """
    if wanted.word is not None and wanted.word in filenames:
        return _parts(wanted.word, filenames)
    models = _first_parts(filenames)
    if wanted.word is not None:
        meant = [name for name in models if wanted.word.casefold() in _words(name)]
    else:
        meant = models
    if len(meant) == 1:
        return _parts(meant[0], filenames)
    if not meant:
        what = f"{wanted.repo} has no model" + (f" {wanted.word}" if wanted.word else "")
        there = f"It has: {_named(models)}." if models else "It has no GGUF file."
        raise NotOnHub(f"{what}.", remedy=there)
    raise NameAmbiguous(
        f"{wanted.repo} has {len(meant)} models of this name.",
        remedy=f"Say which, after a colon: {_named(meant)}.",
    )


def _first_parts(filenames: Sequence[str]) -> list[str]:
    models = filter(is_model_name, filenames)
    return [name for name in models if (split := split_name(name)) is None or split.number == 1]


def _parts(filename: str, filenames: Sequence[str]) -> tuple[str, ...]:
    split = split_name(filename)
    if split is None:
        return (filename,)
    # Bounded by what is there, not by the number in a stranger's name.
    there = {name for name in filenames if (s := split_name(name)) and s.base == split.base}
    if split.total > len(there):
        raise NotOnHub(f"{filename} is one of {split.total} parts, and not all are on the hub.")
    parts = tuple(split.part(number) for number in range(1, split.total + 1))
    if missing := [name for name in parts if name not in there]:
        raise NotOnHub(f"{missing[0]} is not on the hub, and the model needs it.")
    return parts


def _words(filename: str) -> set[str]:
    words = {stem(filename), filename, quantization_in(filename) or ""}
    return {word.casefold() for word in words}


def _named(models: Sequence[str]) -> str:
    """Quantizations where they tell the models apart, else file names."""
    quantizations = [quantization_in(name) for name in models]
    tell_apart = None not in quantizations and len(set(quantizations)) == len(models)
    names = [str(q) for q in quantizations] if tell_apart else list(models)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
