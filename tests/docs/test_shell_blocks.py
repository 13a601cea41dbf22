"""Every command that a page shows for the shell works, and answers what the page says it does."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from tests.contract.project import ROOT
from tests.docs.blocks import PAGES, SHELL, Block, blocks, commands, page_blocks
from tests.docs.rules import RULES, rule_for
from tests.docs.runner import Surroundings, faults, is_shown, working_copy
from tests.support.fake_hub import fake_hub
from tests.support.server import running_server

ALL = [block for path in PAGES for block in page_blocks(path)]
SHELL_BLOCKS = [block for block in ALL if block.language in SHELL]
COMMANDS = [command for block in SHELL_BLOCKS for command in commands(block)]
PAGES_WITH_COMMANDS = sorted({command.block.page for command in COMMANDS})
# Languages of blocks that are no commands: data, programs (tested elsewhere), what is printed.
OTHERS = {"python", "yaml", "json", "text", "jinja", "toml", "ini", "diff", "http", "mermaid"}


@pytest.fixture(scope="module")
def surroundings(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path
) -> Iterator[Surroundings]:
    place = tmp_path_factory.mktemp("page")
    home, cache = place / ".bodhi", place / ".cache/huggingface/hub"
    models = {"repo-Q4_K_M.gguf": tiny_model.read_bytes()}
    with (
        running_server(home, cache, "--demo") as server,
        fake_hub(files=models, repo="owner/repo") as hub,
    ):
        copy = working_copy(place / "bodhi")
        yield Surroundings(copy, home, cache, server.address, hub.address)


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS)
def test_what_a_page_says_to_type_works(page: str, surroundings: Surroundings) -> None:
    typed = [command for command in COMMANDS if command.block.page == page]
    assert faults([c for c in typed if not rule_for(c.text)], surroundings) == []


@pytest.mark.parametrize("command", sorted(RULES))
def test_what_is_not_typed_could_be(command: str, surroundings: Surroundings) -> None:
    assert command in {c.text.partition("#")[0].strip() for c in COMMANDS}, "no page shows it"
    RULES[command].check(command, surroundings)


def test_every_block_is_run_or_has_a_rule() -> None:
    ruled = {c.block for c in COMMANDS if rule_for(c.text)}
    typed = {c.block for c in COMMANDS if not rule_for(c.text)}
    assert ruled | typed == {*SHELL_BLOCKS}
    # The pages, read in another way: a fence that our pattern does not see would be missed.
    fences = Counter(
        line.strip(" `~").split(" ")[0]
        for path in PAGES
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith(("```", "~~~"))
    )
    assert sum(fences[language] for language in SHELL) == len(SHELL_BLOCKS) > 0
    assert fences.total() == 2 * len(ALL)


def test_every_block_says_what_it_is() -> None:
    assert {str(block): block.language for block in ALL if not _is_known(block)} == {}


def _is_known(block: Block) -> bool:
    return block.language in SHELL | OTHERS


PLANTED = """\
```bash
bodhi aliases list      # works
cd docs
for x in 1 2; do
  echo "$x"
done
ls code-map.md
```

```console
$ echo one \\
>   two
one two
$ bodhi aliases resolve demo:precise
...
$ printf 'a\\nb\\nc\\n'
a
...
c
```
"""


def test_a_page_is_one_session_of_one_shell(surroundings: Surroundings) -> None:
    typed = list(chain.from_iterable(commands(block) for block in blocks("page.md", PLANTED)))
    assert [command.text.split()[0] for command in typed] == [
        *("bodhi", "cd", "for", "ls", "echo", "bodhi", "printf")
    ]
    assert faults(typed, surroundings) == []


WRONG = {
    "aliases list ": ("aliases lst ", "page.md:1: bodhi aliases lst"),
    "code-map.md": ("no-map.md", "page.md:1: ls no-map.md ended with 2"),
    "one two\n": ("one three\n", "page.md:10: echo one"),
    "demo:precise": ("demo:imprecise", "page.md:10: bodhi aliases resolve"),
    "a\n...\nc\n": ("a\n...\nd\n", "page.md:10: printf"),
}


def test_every_wrong_command_or_answer_would_be_found(surroundings: Surroundings) -> None:
    page = PLANTED
    for right, (wrong, _) in WRONG.items():
        assert right in page
        page = page.replace(right, wrong)
    typed = list(chain.from_iterable(commands(block) for block in blocks("page.md", page)))
    found = faults(typed, surroundings)
    for fault, (_, wanted) in zip(found, WRONG.values(), strict=True):
        assert fault.startswith(wanted)


def test_a_command_that_does_not_end_would_be_found(surroundings: Surroundings) -> None:
    (block,) = blocks("page.md", "```sh\necho one\nsleep 600 & wait\necho two\n```\n")
    assert faults(commands(block), replace(surroundings, patience_s=0.5)) == [
        "page.md:1: ended the shell or did not end: sleep 600 & wait"
    ]
    (block,) = blocks("page.md", "```sh\necho one\nexit 0\necho two\n```\n")
    assert faults(commands(block), surroundings) == [
        "page.md:1: ended the shell or did not end: exit 0"
    ]


def test_a_block_of_no_language_and_a_command_without_end_would_be_found() -> None:
    (block,) = blocks("page.md", "text\n\n  ```\n  rm -rf /\n  ```\n")
    assert (block.line, block.text, _is_known(block)) == (3, "rm -rf /\n", False)
    (block,) = blocks("page.md", "```sh\nfor x in 1; do\n```\n")
    with pytest.raises(ValueError, match=r"page\.md:1: this command does not end"):
        commands(block)


def test_the_three_dots_stand_for_anything_and_nothing_else_does() -> None:
    assert is_shown("took ... ms", "took 12.5 ms\n")
    assert is_shown("...\nend", "a\nb\nend")
    assert is_shown("", "")
    assert not is_shown("took 1. ms", "took 12 ms")
    assert not is_shown("a\n...\nb", "a\nc")
    assert not is_shown("a", "a\nb")
    assert not is_shown("", "b")


def test_the_readme_and_the_guide_for_contributors_are_among_the_pages() -> None:
    assert {"README.md", "CONTRIBUTING.md"} <= {*PAGES_WITH_COMMANDS}
    assert {ROOT / "SECURITY.md", ROOT / "docs" / "code-map.md"} <= {*PAGES}
