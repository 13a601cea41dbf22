"""Reads the chat templates a repository was published with, from the local Hugging Face cache.

Only data is read, only from regular files inside the cache. The layout is that of the
huggingface_hub documentation, "Understand caching"; the files and which of them wins, that of the
transformers documentation, "Chat templates".
"""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from bodhi.chat_templates.seen_file import SeenFile, look, unusable
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES, is_too_large
from bodhi.errors import TemplateMissing, TemplateUnusable

# Where the templates are, in the order in which they win.
JINJA_FILE = "chat_template.jinja"
CONFIG_FILE = "tokenizer_config.json"
# Beside chat_template.jinja, the named ones: ``<name>.jinja``.
NAMED_FOLDER = "additional_chat_templates"

# What any of these files may have in all.
MAX_CONFIG_BYTES = 16 * 1024 * 1024
_MAX_REF_BYTES = 256
_SNAPSHOT = re.compile(r"(?!\.)[\w.-]{1,255}", re.ASCII)


def read_repository_template(repo: str, hub_cache: Path, named: str | None = None) -> str:
    """A template of ``repo`` (``owner/name``, already checked) at its newest snapshot.

    The newest snapshot is the one ``refs/main`` names, or the one changed last where there is no
    such ref. In it ``chat_template.jinja`` wins over ``tokenizer_config.json``. ``named`` (already
    checked: it can be a file's name) chooses one of several; without it, it is the one called
    default, or the only one. Raises TemplateMissing or TemplateUnusable. A large file may take
    0.1 s the first time.
    """
    cache = os.fspath(hub_cache)
    snapshot = _newest_snapshot(repo, cache)
    if snapshot is None:
        raise _not_here(repo, f"The repository {repo} is not in the hub cache.")
    jinja = _look(repo, cache, f"{snapshot}/{JINJA_FILE}")
    if named is not None and jinja is not None:
        jinja = _look(repo, cache, f"{snapshot}/{NAMED_FOLDER}/{named}.jinja")
        if jinja is None:
            raise _no_such(repo, named, {})
    if jinja is not None:
        text = _read_jinja(jinja)
    else:
        config = _look(repo, cache, f"{snapshot}/{CONFIG_FILE}")
        if config is None:
            raise _not_here(repo, f"The repository {repo} has no {CONFIG_FILE} in the hub cache.")
        text = _chosen(repo, config, named)
    if not text:
        raise _missing(f"The repository {repo} was published without a chat template.")
    return text


def holds_template(filename: str) -> bool:
    """Whether a file of a repository, by its name, is one that its templates are read from."""
    folder, _, name = filename.rpartition("/")
    if folder == NAMED_FOLDER:
        return name.endswith(".jinja")
    return filename in {JINJA_FILE, CONFIG_FILE}


def _newest_snapshot(repo: str, hub_cache: str) -> str | None:
    folder = f"{hub_cache}/models--{repo.replace('/', '--')}"
    snapshots = f"{folder}/snapshots"
    ref = look(f"refs/main of the repository {repo}", hub_cache, f"{folder}/refs/main")
    if ref is not None:
        return f"{snapshots}/{_read_ref(ref)}"
    try:
        with os.scandir(snapshots) as entries:
            found = [(e.stat().st_mtime_ns, e.name) for e in entries if e.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise unusable(f"snapshots of the repository {repo}", "cannot be read") from problem
    return f"{snapshots}/{max(found)[1]}" if found else None


def _look(repo: str, hub_cache: str, path: str) -> SeenFile | None:
    return look(f"{path.rpartition('/')[2]} of the repository {repo}", hub_cache, path)


@lru_cache(maxsize=64)
def _read_ref(file: SeenFile) -> str:
    name = file.read(_MAX_REF_BYTES).decode("ascii", "replace").strip()
    if not _SNAPSHOT.fullmatch(name):
        raise file.refuse("names no snapshot")
    return name


@lru_cache(maxsize=64)
def _read_jinja(file: SeenFile) -> str:
    return file.read_template()


@lru_cache(maxsize=64)
def _chosen(repo: str, config: SeenFile, named: str | None) -> str:
    """Of several templates the one ``named``; else the one called default, or the only one."""
    texts = _templates_in(config)
    if named is None and len(texts) > 1 and "default" not in texts:
        raise TemplateUnusable(
            f"{config.called} has several chat templates and none is named default.",
            pointer="/chat_template",
            remedy=f"Choose one of {', '.join(f'{repo}:{name}' for name in sorted(texts))}.",
        )
    if named is not None and named not in texts:
        raise _no_such(repo, named, texts)
    only = next(iter(texts), "default")
    text = texts.get(named or ("default" if "default" in texts else only), "")
    if not isinstance(text, str):
        raise config.refuse("has a chat_template that is neither a text nor a list of named texts")
    if is_too_large(text):
        raise config.refuse(f"has a chat_template of more than {MAX_TEMPLATE_BYTES // 1024} KiB")
    return text


def _templates_in(file: SeenFile) -> Mapping[str, Any]:
    """Name -> what should be a text. A template that has no name is called default."""
    try:
        config = orjson.loads(file.read(MAX_CONFIG_BYTES))
    except orjson.JSONDecodeError as problem:
        raise file.refuse("is not valid JSON") from problem
    if not isinstance(config, dict):
        raise file.refuse("is not a JSON object")
    declared = config.get("chat_template")
    if isinstance(declared, list):
        entries = filter(lambda entry: isinstance(entry, dict), declared)
        return {str(entry.get("name")): entry.get("template") for entry in entries}
    return {} if declared is None else {"default": declared}


def _no_such(repo: str, named: str, there: Mapping[str, str]) -> TemplateMissing:
    has = f" It has {', '.join(sorted(there))}." if there else ""
    return _missing(f"The repository {repo} has no chat template named {named}.{has}")


def _not_here(repo: str, fact: str) -> TemplateMissing:
    command = f"bodhi pull --template {repo}"
    return TemplateMissing(
        fact,
        pointer="/chat_template",
        remedy=f"Download it ({command}), or choose a built-in template.",
        to_type=command,
    )


def _missing(fact: str) -> TemplateMissing:
    return TemplateMissing(fact, pointer="/chat_template", remedy="Choose another template.")
