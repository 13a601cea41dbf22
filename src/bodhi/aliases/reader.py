"""The bytes of one alias file -> an Alias, or the line and reason why not. Pure.

Reads the shape of the specification and every published variant of it: parameters as a mapping,
as a list of flags, as split tokens. Top-level keys that Bodhi does not know are kept in ``extra``.
"""

import re
from collections.abc import Callable

from bodhi.aliases.filenames import check_name, stem_for
from bodhi.aliases.model import Alias
from bodhi.aliases.yaml12 import Mapping, Node, Scalar, Sequence, decode, is_null, parse, value_of
from bodhi.engine.contract import REMOTE_PREFIX
from bodhi.errors import AliasFileInvalid, InvalidInput, NameInvalid, ParameterInvalid
from bodhi.model_files.file_names import is_repo, is_snapshot
from bodhi.params.spelling import (
    check_policy,
    read_context_params,
    read_request_params,
    read_request_policy,
)
from bodhi.params.values import Json

SECTIONS: dict[str, Callable[[Json, str], dict[str, Json]]] = {
    "context_params": read_context_params,
    "request_params": read_request_params,
    "request_policy": read_request_policy,
}
TEXTS = ("alias", "repo", "filename", "chat_template", "snapshot")
ABOUT = ("description", "tags")
LONGEST_DESCRIPTION = 2000
MOST_TAGS = 32
LONGEST_TAG = 64

_REMOTE = re.compile(r"[\w.-]{1,64}", re.ASCII)
_LONGEST_TEXT = 512
# JSON readers, and the one that answers requests, end where 64 bits end.
INTEGERS = range(-(2**63), 2**64)


def read_alias(data: bytes, *, stem: str) -> Alias:
    """The recipe in a file whose name is ``stem`` and a suffix.

    Raises AliasFileInvalid with the line, and with a pointer to the field where one is at fault;
    also where the name written inside belongs into a file with another stem.
    """
    alias = read_recipe(data)
    check_stem(alias, stem, data)
    return alias


def read_recipe(data: bytes) -> Alias:
    """As :func:`read_alias`, whatever the file is called."""
    return read_root(parse(decode(data)))


def read_root(root: Node) -> Alias:
    """As :func:`read_recipe`, of what was parsed already."""
    if not isinstance(root, Mapping):
        raise AliasFileInvalid("The file holds no mapping of keys to values.", line=root.line)
    texts = {key: _text(root, key) for key in TEXTS}
    name = _required(root, "alias", texts)
    try:
        check_name(name)
    except NameInvalid as error:
        raise located(root, error) from None
    snapshot = texts["snapshot"]
    if snapshot is not None:
        _check_snapshot(root, snapshot)
    sections = {key: _section(root, key) for key in SECTIONS}
    try:
        check_policy(sections["request_params"], sections["request_policy"])
    except ParameterInvalid as error:
        raise located(root, error) from None
    known = (*SECTIONS, *TEXTS, *ABOUT)
    extra = {e.name: _kept(e.value) for e in root.entries if e.name not in known}
    return Alias(
        name=name,
        repo=_check_repo(root, _required(root, "repo", texts)),
        filename=_check_filename(root, _required(root, "filename", texts)),
        snapshot=snapshot,
        chat_template=texts["chat_template"],
        description=_description(root),
        tags=_tags(root),
        extra=extra,
        **sections,
    )


def is_tag(text: str) -> bool:
    """Whether ``text`` can be a tag: one word, so that it can be searched for and listed."""
    fits = 0 < len(text) <= LONGEST_TAG and text.isprintable()
    return fits and " " not in text and "," not in text


def check_stem(alias: Alias, stem: str, data: bytes) -> None:
    """Raises AliasFileInvalid unless ``alias``, read from ``data``, belongs into this stem."""
    try:
        wanted = stem_for(alias.name)
        if wanted == stem:
            return
        error: InvalidInput = AliasFileInvalid(
            f"The file is named {stem}, but the alias inside, {alias.name}, belongs into {wanted}.",
            pointer="/alias",
            remedy="Rename the file, or change the alias inside it.",
        )
    except NameInvalid as refused:
        error = refused
    raise located(parse(decode(data)), error)


def line_of(root: Node, pointer: str | None) -> int | None:
    """The line of what a JSON pointer names, or of the nearest thing above it that exists."""
    node, line = root, None
    for step in (pointer or "").split("/")[1:]:
        if isinstance(node, Mapping) and (entry := node.find(step)):
            node, line = entry.value, entry.key.line
        elif isinstance(node, Sequence) and step.isdecimal() and int(step) < len(node.items):
            node = node.items[int(step)]
            line = node.line
        else:
            break
    return line


def located(root: Node, error: InvalidInput) -> AliasFileInvalid:
    """The same with the line of what it points at."""
    return AliasFileInvalid(
        error.message,
        line=line_of(root, error.pointer),
        pointer=error.pointer,
        remedy=error.remedy,
    )


def _invalid(root: Mapping, key: str, reason: str) -> AliasFileInvalid:
    return AliasFileInvalid(
        f"{key} {reason}.", line=line_of(root, f"/{key}") or root.line, pointer=f"/{key}"
    )


def _text(root: Mapping, key: str) -> str | None:
    """A text as it is written: a snapshot of digits alone is no number. null means not given."""
    entry = root.find(key)
    if entry is None:
        return None
    node = entry.value
    if is_null(node):
        return None
    if not isinstance(node, Scalar):
        raise _invalid(root, key, "must be a text")
    if key == "chat_template" and node.text:
        return node.text  # may be a template itself; its room checks what it is
    if not 0 < len(node.text) <= _LONGEST_TEXT or not node.text.isprintable():
        raise _invalid(root, key, f"must be one line of 1 to {_LONGEST_TEXT} characters")
    return node.text


def _description(root: Mapping) -> str | None:
    entry = root.find("description")
    if entry is None or is_null(entry.value):
        return None
    node = entry.value
    if not isinstance(node, Scalar) or len(node.text) > LONGEST_DESCRIPTION:
        reason = f"must be a text of at most {LONGEST_DESCRIPTION} characters"
        raise _invalid(root, "description", reason)
    return node.text


def _tags(root: Mapping) -> tuple[str, ...]:
    entry = root.find("tags")
    if entry is None or is_null(entry.value):
        return ()
    items = entry.value.items if isinstance(entry.value, Sequence) else None
    if items is None or len(items) > MOST_TAGS:
        raise _invalid(root, "tags", f"must be a list of at most {MOST_TAGS} words")
    tags: list[str] = []
    for item in items:
        if not isinstance(item, Scalar) or is_null(item) or not is_tag(item.text):
            reason = f"must be words of 1 to {LONGEST_TAG} characters, without blanks or commas"
            raise _invalid_tag(item, reason, len(tags))
        if item.text in tags:
            raise _invalid_tag(item, f"must differ, and {item.text} is there twice", len(tags))
        tags.append(item.text)
    return tuple(tags)


def _invalid_tag(node: Node, reason: str, index: int) -> AliasFileInvalid:
    return AliasFileInvalid(f"tags {reason}.", line=node.line, pointer=f"/tags/{index}")


def _required(root: Mapping, key: str, texts: dict[str, str | None]) -> str:
    if (text := texts[key]) is None:
        raise _invalid(root, key, "is missing")
    return text


def _check_repo(root: Mapping, repo: str) -> str:
    if repo.startswith(REMOTE_PREFIX):
        if not _REMOTE.fullmatch(repo, len(REMOTE_PREFIX)):
            raise _invalid(root, "repo", "must be owner/name, or remote: and the remote's name")
        if (entry := root.find("snapshot")) and not is_null(entry.value):
            raise _invalid(root, "snapshot", "must be left out: a remote has none")
        return repo
    if not is_repo(repo) or ".." in repo:
        raise _invalid(root, "repo", "must be written as owner/name")
    return repo


def _check_filename(root: Mapping, filename: str) -> str:
    parts = filename.split("/")
    if "\\" in filename or any(part in ("", ".", "..") for part in parts):
        raise _invalid(root, "filename", "must be a path inside the repository")
    return filename


def _check_snapshot(root: Mapping, snapshot: str) -> None:
    if not is_snapshot(snapshot) or not snapshot[0].isalnum() or ".." in snapshot:
        raise _invalid(root, "snapshot", "must be a commit hash or the name of a ref")


def _section(root: Mapping, key: str) -> dict[str, Json]:
    entry = root.find(key)
    if entry is None:
        return {}
    try:
        return SECTIONS[key](value_of(entry.value), f"/{key}")
    except ParameterInvalid as error:
        raise located(root, error) from None


def _kept(node: Node) -> Json:
    _refuse_endless_integers(node)
    return value_of(node)


def _refuse_endless_integers(node: Node) -> None:
    if isinstance(node, Mapping):
        for entry in node.entries:
            _refuse_endless_integers(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            _refuse_endless_integers(item)
    else:
        value = value_of(node)
        if isinstance(value, int) and value not in INTEGERS:
            raise AliasFileInvalid("This integer does not fit in 64 bits.", line=node.line)
