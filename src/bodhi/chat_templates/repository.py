"""Reads the chat template a repository was published with, from the local Hugging Face cache.

Only data is read, only from regular files inside the cache. The layout is that of the
huggingface_hub documentation, "Understand caching"; the files and which of them wins, that of the
transformers documentation, "Chat templates".
"""

import os
import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES, is_too_large
from bodhi.errors import TemplateMissing, TemplateUnusable

MAX_CONFIG_BYTES = 16 * 1024 * 1024
_MAX_REF_BYTES = 256
_SNAPSHOT = re.compile(r"(?!\.)[\w.-]{1,255}", re.ASCII)
# Not there on Windows. Without them a named pipe would block and a last link be followed.
_OPEN_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class _Identity(NamedTuple):
    """Changes whenever the bytes behind a path may have changed."""

    size: int
    mtime_ns: int
    inode: int


class _CachedFile(NamedTuple):
    """A file of ``repo`` inside ``hub_cache``, as it was when looked at: the key of what was read.

    It is looked at before it is read. A file that changes in between is therefore read once more
    by the next caller, and old bytes are never kept under a new identity. Paths are plain text
    here: this is made for every request, and a Path takes several times as long.
    """

    repo: str
    hub_cache: str
    path: str
    identity: _Identity

    def refuse(self, why: str) -> TemplateUnusable:
        return _unusable(self.repo, self.path, why)


def read_repository_template(repo: str, hub_cache: Path) -> str:
    """The template of ``repo`` (``owner/name``, already checked) at its newest snapshot.

    The newest snapshot is the one ``refs/main`` names, or the one changed last where there is no
    such ref. In it ``chat_template.jinja`` wins over ``tokenizer_config.json``. Raises
    TemplateMissing or TemplateUnusable. A large file may take 0.1 s the first time.
    """
    cache = os.fspath(hub_cache)
    snapshot = _newest_snapshot(repo, cache)
    if snapshot is None:
        raise _missing(repo, f"The repository {repo} is not in the hub cache.")
    for filename, read in (
        ("chat_template.jinja", _read_jinja),
        ("tokenizer_config.json", _read_config),
    ):
        file = _look(repo, cache, f"{snapshot}/{filename}")
        if file is not None:
            text = read(file)
            break
    else:
        raise _missing(
            repo, f"The repository {repo} has no tokenizer_config.json in the hub cache."
        )
    if text is None:
        raise _missing(repo, f"The repository {repo} was published without a chat template.")
    return text


def _newest_snapshot(repo: str, hub_cache: str) -> str | None:
    folder = f"{hub_cache}/models--{repo.replace('/', '--')}"
    snapshots = f"{folder}/snapshots"
    ref = _look(repo, hub_cache, f"{folder}/refs/main")
    if ref is not None:
        return f"{snapshots}/{_read_ref(ref)}"
    try:
        with os.scandir(snapshots) as entries:
            found = [(e.stat().st_mtime_ns, e.name) for e in entries if e.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise _unusable(repo, snapshots, "cannot be read") from problem
    return f"{snapshots}/{max(found)[1]}" if found else None


def _look(repo: str, hub_cache: str, path: str) -> _CachedFile | None:
    """The file as it is now; None if it, or the blob it links to, is not there."""
    try:
        now = os.stat(path)  # noqa: PTH116 - see _CachedFile
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise _unusable(repo, path, "cannot be read") from problem
    return _CachedFile(repo, hub_cache, path, _Identity(now.st_size, now.st_mtime_ns, now.st_ino))


@lru_cache(maxsize=64)
def _read_ref(file: _CachedFile) -> str:
    name = _read(file, _MAX_REF_BYTES).decode("ascii", "replace").strip()
    if not _SNAPSHOT.fullmatch(name):
        raise file.refuse("names no snapshot")
    return name


@lru_cache(maxsize=64)
def _read_jinja(file: _CachedFile) -> str | None:
    try:
        return _read(file, MAX_TEMPLATE_BYTES).decode() or None
    except UnicodeDecodeError as problem:
        raise file.refuse("is not UTF-8 text") from problem


@lru_cache(maxsize=64)
def _read_config(file: _CachedFile) -> str | None:
    try:
        config = orjson.loads(_read(file, MAX_CONFIG_BYTES))
    except orjson.JSONDecodeError as problem:
        raise file.refuse("is not valid JSON") from problem
    if not isinstance(config, dict):
        raise file.refuse("is not a JSON object")
    declared = config.get("chat_template")
    if isinstance(declared, list):
        declared = _default_of(declared, file)
    if declared is None or declared == "":
        return None
    if not isinstance(declared, str):
        raise file.refuse("has a chat_template that is neither a text nor a list of named texts")
    if is_too_large(declared):
        raise file.refuse(f"has a chat_template of more than {MAX_TEMPLATE_BYTES // 1024} KiB")
    return declared


def _default_of(entries: list[Any], file: _CachedFile) -> Any:
    """Of several named templates the one called ``default``, or the only one."""
    named = [e for e in entries if isinstance(e, dict)]
    for entry in named:
        if entry.get("name") == "default":
            return entry.get("template")
    if len(named) > 1:
        raise file.refuse("has several chat templates and none is named default")
    return named[0].get("template") if named else None


def _read(file: _CachedFile, limit: int) -> bytes:
    """All of a regular file inside the cache, at most ``limit`` bytes."""
    try:
        real = Path(file.path).resolve(strict=True)
        if not real.is_relative_to(Path(file.hub_cache).resolve(strict=True)):
            raise file.refuse("is a link that leads out of the hub cache")
        with open(real, "rb", opener=_open_at_once) as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise file.refuse("is not a regular file")
            content = opened.read(limit + 1)
    except (OSError, RuntimeError) as problem:  # RuntimeError: a loop of links, before 3.13
        raise file.refuse("cannot be read") from problem
    if len(content) > limit:
        raise file.refuse(f"is larger than {limit // 1024} KiB" if limit >= 1024 else "is too long")
    return content


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | _OPEN_FLAGS)


def _missing(repo: str, fact: str) -> TemplateMissing:
    return TemplateMissing(
        fact,
        pointer="/chat_template",
        remedy=f"Download it (bodhi pull {repo}:tokenizer_config.json), or choose a built-in "
        "template.",
    )


def _unusable(repo: str, path: str, why: str) -> TemplateUnusable:
    name = "refs/main" if path.endswith("/refs/main") else path.rpartition("/")[2]
    return TemplateUnusable(
        f"{name} of the repository {repo} {why}.",
        pointer="/chat_template",
        remedy="Download the repository's files again, or choose a built-in template.",
    )
