"""All presets: those that come along, and people's own in ``$BODHI_HOME/presets/``, a file each.

A file holds ``title``, ``about`` and the sections of an alias. Its name is the preset's.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from bodhi.aliases.folder import read_contents, shown
from bodhi.aliases.model import Alias, Problem
from bodhi.aliases.preset import NAME, Preset
from bodhi.aliases.preset_rows import PRESETS
from bodhi.aliases.reader import SECTIONS
from bodhi.aliases.yaml12 import decode, encode, load
from bodhi.aliases.yaml12_write import dump
from bodhi.errors import (
    AliasFileInvalid,
    BodhiError,
    NameInvalid,
    NameTaken,
    PresetNotFound,
    StorageFailed,
)
from bodhi.files import Disk, cause_of, make_folder, replace_file
from bodhi.params.spelling import check_policy
from bodhi.params.values import Json

_NAME = re.compile(NAME)
_TEXTS = ("title", "about")
_LONGEST = 1024
_BUILT_IN = frozenset(preset.name for preset in PRESETS)


def read_presets(home: Path) -> tuple[list[Preset], list[Problem]]:
    """Every preset, people's own behind the others, and why some files are none."""
    presets, problems = list(PRESETS), []
    for path in sorted((home / "presets").glob("*.yaml")):
        try:
            presets.append(_read(path))
        except BodhiError as error:
            problems.append(Problem(shown(path.name), error.message.rstrip(".")))
    return presets, problems


def find_preset(name: str, presets: list[Preset], problems: Iterable[Problem] = ()) -> Preset:
    """The preset of this name. Raises PresetNotFound, which says why its file is none."""
    for preset in presets:
        if preset.name == name:
            return preset
    for problem in problems:
        if problem.file == f"{name}.yaml":
            raise PresetNotFound(f"{problem}.", remedy="Correct the file.")
    near = get_close_matches(name, [preset.name for preset in presets], n=1)
    guess = f"Did you mean {near[0]}? " if near else ""
    raise PresetNotFound(
        "There is no preset of this name.", remedy=f"{guess}bodhi presets list has every name."
    )


def save_preset(home: Path, name: str, title: str, about: str, alias: Alias) -> Preset:
    """A new preset with what ``alias`` sets. Raises NameInvalid, NameTaken or StorageFailed."""
    _check_name(name)
    path = home / "presets" / f"{name}.yaml"
    if path.exists():
        raise NameTaken(f"There is a preset {name} already.", remedy="Choose another name.")
    sections: dict[str, Json] = {
        key: dict(values) for key in SECTIONS if (values := getattr(alias, key))
    }
    try:
        make_folder(path.parent)
        replace_file(path, dump({"title": title, "about": about, **sections}).encode(), Disk())
    except OSError as error:
        raise StorageFailed(f"The preset could not be saved: {cause_of(error)}.") from error
    return _read(path)


def put_preset(
    home: Path, name: str, title: str, about: str, sections: Mapping[str, Mapping[str, Json]]
) -> Preset:
    """Save one's own preset, in place of one of this name if there is any.

    Raises NameInvalid, NameTaken for one that comes with Bodhi, AliasFileInvalid or
    ParameterInvalid for what it holds, StorageFailed; what was there stays then.
    """
    _check_name(name)
    preset = _parsed(name, _text_of(title, about, sections))
    _write(home, preset)
    return preset


def import_preset(
    home: Path, name: str, text: str, *, replaces: bool = False, is_trial: bool = False
) -> Preset:
    """Save a preset's file as it was exported, byte for byte; a trial writes nothing.

    Raises what :func:`put_preset` raises, and NameTaken for a name that is one's own already,
    unless it ``replaces``.
    """
    _check_name(name)
    preset = _parsed(name, decode(encode(text)))
    if not replaces and (home / "presets" / f"{name}.yaml").exists():
        raise NameTaken(f"There is a preset {name} already.", remedy="Choose another name.")
    if not is_trial:
        _write(home, preset)
    return preset


def text_of(preset: Preset) -> str:
    """The file of a preset: its own, or one that would hold the same."""
    if preset.text:
        return preset.text
    sections = {key: getattr(preset, key) for key in SECTIONS}
    return _text_of(preset.title, preset.about, sections)


def _text_of(title: str, about: str, sections: Mapping[str, Mapping[str, Json]]) -> str:
    values: dict[str, Json] = {key: dict(given) for key, given in sections.items() if given}
    return dump({"title": title, "about": about, **values})


def _write(home: Path, preset: Preset) -> None:
    try:
        make_folder(home / "presets")
        replace_file(home / "presets" / f"{preset.name}.yaml", preset.text.encode(), Disk())
    except OSError as error:
        raise StorageFailed(f"The preset could not be saved: {cause_of(error)}.") from error


def delete_preset(home: Path, name: str) -> None:
    """Remove one's own preset; aliases made from it keep its values.

    Raises NameInvalid, NameTaken for one that comes with Bodhi, PresetNotFound, StorageFailed.
    """
    _check_name(name)
    try:
        (home / "presets" / f"{name}.yaml").unlink()
    except FileNotFoundError:
        raise PresetNotFound(
            "There is no preset of this name.", remedy="bodhi presets list has every name."
        ) from None
    except OSError as error:
        raise StorageFailed(f"The preset could not be deleted: {cause_of(error)}.") from error


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise NameInvalid(
            "The name of a preset is one word of small letters, digits and hyphens.",
            remedy="Choose one like my-coding.",
        )
    if name in _BUILT_IN:
        raise NameTaken(f"{name} comes with Bodhi.", remedy="Choose another name.")


def _read(path: Path) -> Preset:
    _check_name(path.stem)
    try:
        data, _ = read_contents(path)
    except OSError as error:
        raise AliasFileInvalid(f"The file cannot be read: {cause_of(error)}.") from error
    return _parsed(path.stem, decode(data))


def _parsed(name: str, content: str) -> Preset:
    document = load(content)
    if not isinstance(document, dict):
        raise AliasFileInvalid("The file holds no mapping of keys to values.")
    if unknown := document.keys() - {*_TEXTS, *SECTIONS}:
        raise AliasFileInvalid(f"{min(unknown)} means nothing in a preset.")
    texts = {key: document.get(key, "") for key in _TEXTS}
    for key, text in texts.items():
        if not isinstance(text, str) or len(text) > _LONGEST:
            raise AliasFileInvalid(f"{key} must be a text of at most {_LONGEST} characters.")
    sections = {key: read(document.get(key), f"/{key}") for key, read in SECTIONS.items()}
    check_policy(sections["request_params"], sections["request_policy"])
    title, about = str(texts["title"]) or name, str(texts["about"])
    return Preset(name, title, about, **sections, is_own=True, text=content)
