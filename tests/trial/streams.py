"""Asks for trials and reads their streams to the end, or as far as a test wants."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

import httpx2 as httpx

Body: TypeAlias = dict[str, Any]
HELLO: Body = {"messages": [{"role": "user", "content": "Hello!"}]}


class Told(NamedTuple):
    """One event of a trial."""

    name: str
    data: Body


@contextmanager
def following(address: str, path: str, body: Body) -> Iterator[Iterator[Told]]:
    """The events of one stream, which is left when the block ends."""
    with httpx.stream("POST", f"{address}/api/v1{path}", json=body, timeout=100) as answer:
        if answer.status_code != 200:
            answer.read()
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer.iter_lines())


def told(address: str, body: Body, path: str = "/trials") -> list[Told]:
    """Every event of one stream."""
    with following(address, path, body) as events:
        return list(events)


def text_of(events: list[Told], kind: str = "content") -> str:
    """All pieces of one kind together."""
    return "".join(event.data.get(kind) or "" for event in events if event.name == "delta")


def phases_of(events: list[Told]) -> list[str]:
    """Each phase as often as it was told."""
    return [event.data["phase"] for event in events if event.name == "phase"]


def edit(*path: str, value: object) -> Body:
    """One change of a recipe."""
    return {"path": list(path), "value": value}


def _events(lines: Iterator[str]) -> Iterator[Told]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield Told(name, json.loads(line.removeprefix("data: ")))
