"""Alias files as people, old tools and careless hands write them, drawn at random."""

import json
import random
from pathlib import Path

import yaml

from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject
from tests.support.explained import Recipe, random_recipe

_COMMENTS = ("", "", "  # why not", " #x", "\t# tabbed")
_BETWEEN = ("", "", "\n", "# a line of its own\n", "#\n\n")
_ENDS = ("\n", "\r\n")


def write_generated(folder: Path, count: int, chance: random.Random) -> dict[str, bytes]:
    """Stem -> content of ``count`` files, which are in ``folder`` then."""
    files = {f"made--{number:04d}": _text(number, chance) for number in range(count)}
    for stem, content in files.items():
        (folder / f"{stem}.yaml").write_bytes(content)
    return files


def _text(number: int, chance: random.Random) -> bytes:
    recipe = random_recipe(chance)
    name = f"made:{number:04d}"
    head = ["bodhi/demo", "demo.Q8_0.gguf"]
    lines = [f"alias: {_quoted(name, chance)}", f"repo: {head[0]}", f"filename: {head[1]}"]
    if chance.random() < 0.4:
        lines.append(f"description: {_quoted('a word: or two', chance, always=True)}")
    if chance.random() < 0.3:
        lines.append("tags: [work, 'code']")
    if chance.random() < 0.3:
        lines.append(f"notes_of_mine: {chance.choice(['{a: [1, ~]}', '007', 'yes'])}")
    sections = list(_sections(recipe, chance).items())
    chance.shuffle(sections)
    text = "".join(
        line + chance.choice(_COMMENTS) + "\n" + chance.choice(_BETWEEN) for line in lines
    )
    text += "".join(_section(key, value, chance) for key, value in sections)
    if chance.random() < 0.2:
        text = text.rstrip("\n")
    mark = "\ufeff" if chance.random() < 0.1 else ""
    return (mark + text.replace("\n", chance.choice(_ENDS))).encode()


def _sections(recipe: Recipe, chance: random.Random) -> dict[str, Json]:
    given: dict[str, Json] = {
        "context_params": _spelled(recipe.context_params, chance),
        "request_params": _spelled(recipe.request_params, chance),
        "request_policy": _spelled(recipe.request_policy, chance),
    }
    return {key: value for key, value in given.items() if value or chance.random() < 0.2}


def _spelled(params: JsonObject, chance: random.Random) -> JsonObject:
    return {
        chance.choice([key, *PARAMETERS[key].spellings]).replace("_", chance.choice("_-")): value
        for key, value in params.items()
    }


def _section(key: str, value: Json, chance: random.Random) -> str:
    if not value:
        return f"{key}: {chance.choice(['{}', '', '~'])}\n"
    if chance.random() < 0.3:
        return f"{key}: {json.dumps(value)}{chance.choice(_COMMENTS)}\n"
    plain = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=60)
    column = " " * chance.choice((1, 2, 4))
    return f"{key}:\n" + "".join(f"{column}{line}\n" for line in plain.splitlines())


def _quoted(text: str, chance: random.Random, *, always: bool = False) -> str:
    styles = [f"'{text}'", json.dumps(text)] + ([] if always else [text])
    return chance.choice(styles)
