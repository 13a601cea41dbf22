"""Whose a path is: every path belongs to one plane, and only the page's and /health need no key."""

import subprocess
import sys

import pytest

from bodhi.http.front import Plane, needs_no_key, plane_of


@pytest.mark.parametrize(
    ("path", "plane"),
    [
        ("/v1", Plane.DATA),
        ("/v1/", Plane.DATA),
        ("/v1/models", Plane.DATA),
        ("/v1/../api/v1/aliases", Plane.DATA),
        ("/api", Plane.CONTROL),
        ("/api/", Plane.CONTROL),
        ("/api/v1/aliases", Plane.CONTROL),
        ("/health", Plane.HEALTH),
        ("/health/", Plane.PAGE),
        ("/", Plane.PAGE),
        ("", Plane.PAGE),
        ("/v1x", Plane.PAGE),
        ("/V1/models", Plane.PAGE),
        ("//v1/models", Plane.PAGE),
        ("/./api/v1/aliases", Plane.PAGE),
        ("/aliases/api/v1", Plane.PAGE),
    ],
)
def test_a_path_goes_where_its_first_part_says_and_nothing_is_normalised(
    path: str, plane: Plane
) -> None:
    assert plane_of(path) is plane
    # What asks for a key and what sends to a plane are one decision.
    assert needs_no_key(path) == (plane in (Plane.PAGE, Plane.HEALTH))


READY = """
import asyncio, pathlib, sys, tempfile
from bodhi.app import running
from bodhi.http import server
from bodhi.settings import Settings

async def main():
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        async with running(Settings(home=home, hub_cache=home / "hub")):
            print(sorted({name.partition(".")[0] for name in sys.modules}
                  & {"fastapi", "starlette", "jinja2", "huggingface_hub", "xllamacpp", "typer",
                     "sqlalchemy", "alembic"}))
            print([name for name in sys.modules if name.endswith((".routes", ".shown"))])

asyncio.run(main())
"""


def test_a_ready_server_has_not_loaded_the_web_framework() -> None:
    """It takes a third of a second, which only who asks the control plane should wait for."""
    child = subprocess.run(
        [sys.executable, "-c", READY], capture_output=True, text=True, check=False
    )
    assert child.stdout.splitlines() == ["[]", "['bodhi.gateway.routes']"], child.stderr
