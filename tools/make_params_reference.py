"""Writes docs/reference/parameters.md from the registry.

python tools/make_params_reference.py            write the page
python tools/make_params_reference.py --check    fail if the page is not what would be written
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from bodhi.params.bounds import Circumstances
from bodhi.params.described import Described, describe
from bodhi.params.parameter import Applies, Section
from bodhi.params.words import (
    default_words,
    impact_words,
    range_words,
    recommendation_words,
    special_words,
)

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "parameters.md"

_INTRODUCTION = """\
<!-- Written by tools/make_params_reference.py from the registry; change it there. -->

# Parameters

What an alias can set: under `request_params` what travels with a request, under `context_params`
what its engine is started with, and three parameters that travel with a request but are the
context's by tradition. A parameter is written under any of its names, with `-` or `_`.

The ranges are those that are taken. `bodhi params show KEY --model NAME` adds what the model and
this machine say: the trained context, the layers, the cores. A default is Bodhi's own or the
engine's; a model file may bring others. The default context size is smaller where the model was
trained on a smaller one, and `-1` threads are the cores of the machine.

`bodhi params schema` prints a JSON Schema of alias files. An editor that knows
`yaml-language-server` completes and checks a file whose first line names it:

```yaml
# yaml-language-server: $schema=alias.schema.json
```
"""


def page() -> str:
    """The whole page."""
    lines = [_INTRODUCTION]
    described = describe(Circumstances())
    for section in (Section.REQUEST, Section.CONTEXT):
        lines.append(f"## {section.value}\n")
        of_section = [one for one in described if one.row.section is section]
        groups = sorted({one.row.group for one in of_section})
        by_group = sorted(of_section, key=lambda one: groups.index(one.row.group))
        for group, members in groupby(by_group, key=lambda one: one.row.group):
            lines.append(f"### {group}\n")
            for member in members:
                lines += _section(member)
    return "\n".join(lines)


def _section(described: Described) -> Iterator[str]:
    row = described.row
    yield f"#### {row.key}\n"
    yield f"{row.help}\n"
    names = ", ".join(f"`{name}`" for name in (*row.spellings, *row.negations))
    facts = {
        "range": range_words(described),
        "special": "; ".join(special_words(row)),
        "default": default_words(described),
        "other names": names,
        "flag": ", ".join(f"`{flag}`" for flag in row.flags),
        "decides": impact_words(row),
        "recommended": "; ".join(recommendation_words(row)),
        "takes effect": _takes_effect(row.applies),
        "related": ", ".join(f"[{key}](#{key})" for key in row.related),
    }
    for name, text in facts.items():
        if text:
            yield f"- {name}: {text}"
    yield ""


def _takes_effect(applies: Applies) -> str:
    return "with the next request" if applies is Applies.REQUEST else "in a new engine"


def main() -> None:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description="Write the reference of the parameters.")
    parser.add_argument("--check", action="store_true", help="only say whether it is current")
    wanted = page()
    if not parser.parse_args().check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(wanted, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != wanted:
        sys.exit(f"{PAGE.name} is not current: run python tools/make_params_reference.py")


if __name__ == "__main__":
    main()
