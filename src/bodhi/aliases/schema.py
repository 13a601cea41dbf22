"""The JSON Schema of an alias file: what editors complete and check while a person writes. Pure."""

import json
from typing import cast

from bodhi.aliases.reader import LONGEST_DESCRIPTION, LONGEST_TAG, MOST_TAGS
from bodhi.params.schema import context_schema, definitions, policy_schema, request_schema
from bodhi.params.values import JsonObject

# Names as `filenames`, `file_names` and `reader` take them, in the expressions of JSON Schema.
_NAME = r"^(?!.*\.\.)(?!.*[:/]([:/]|$))(?!.*@[0-9]+$)[A-Za-z0-9][A-Za-z0-9._:/+@-]{0,127}$"
_PART = r"[A-Za-z0-9_.-]{1,96}"
_REPO = rf"^(remote:[A-Za-z0-9_.-]{{1,64}}|(?!.*\.\.)(?!\./){_PART}/(?!\.$){_PART})$"
_FILE = r"^(?!.*\\)(?!(.*/)?\.{0,2}(/|$))(?!.*//)(?!.*/\.{1,2}(/|$)).+$"


def alias_schema() -> JsonObject:
    """Top-level keys that Bodhi does not know are allowed, as in files themselves."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Bodhi alias",
        "description": "A recipe: model file, chat template, context and request parameters.",
        "type": "object",
        "required": ["alias", "repo", "filename"],
        "properties": {
            "alias": _text("What requests say as model.", pattern=_NAME),
            "repo": _text("Repository of the model, as owner/name.", pattern=_REPO),
            "filename": _text("The model file in the repository.", pattern=_FILE),
            "snapshot": _optional(_text("Commit hash, branch or tag; else the newest.")),
            "chat_template": _optional(
                _text("Built-in id, repository, file:NAME or text; else the one in the file.", None)
            ),
            "description": _optional(
                _text("What it is for; changes no answer.", None)
                | {"maxLength": LONGEST_DESCRIPTION}
            ),
            "tags": _tags(),
            "context_params": context_schema(),
            "request_params": request_schema(),
            "request_policy": policy_schema(),
        },
        "definitions": definitions(),
    }


def alias_schema_text() -> str:
    """The schema as a file holds it."""
    return json.dumps(alias_schema(), indent=2, ensure_ascii=False) + "\n"


def _text(what: str, longest: int | None = 512, pattern: str | None = None) -> JsonObject:
    # A scalar is read as it is written: a snapshot of digits alone is a text all the same.
    schema: JsonObject = {"type": ["string", "number", "boolean"], "description": what}
    if longest is not None:
        schema |= {"minLength": 1, "maxLength": longest}
    return schema if pattern is None else schema | {"pattern": pattern}


def _tags() -> JsonObject:
    return {
        "description": "Words to find it by.",
        "type": ["array", "null"],
        "maxItems": MOST_TAGS,
        "uniqueItems": True,
        "items": {
            "type": ["string", "number", "boolean"],
            "maxLength": LONGEST_TAG,
            "pattern": r"^[^\s,]+$",
        },
    }


def _optional(schema: JsonObject) -> JsonObject:
    kinds = cast("list[str]", schema["type"])
    return schema | {"type": [*kinds, "null"]}
