"""Builds and checks the page in ``web/``, with a Node that comes from the package index.

    python -m tools.page                 build it into src/bodhi/_ui, if it is not up to date
    python -m tools.page --if-possible   the same; where it fails, say why and leave it at that
    python -m tools.page --check         types against the server's, compiler, lint, unit tests
    python -m tools.page --fix           format, and mend what the linter can mend
    python -m tools.page --types         write the types of the server's answers anew
    python -m tools.page --browser       get a Chromium for the tests where none is here

Node and npm lie in an environment of their own (``.venv-node``), the packages in
``web/node_modules``. Each has a stamp of what it was made from: what is up to date costs nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.chromium import find_chromium, unpack_chromium
from tools.setup_env import only_one_set_up, pip_configuration, run, uv_environment

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "bodhi" / "_ui"
NODE = ROOT / ".venv-node"
NODE_LOCK = ROOT / "requirements-node.lock"
PACKAGES = WEB / "node_modules"
PACKAGE_FILES = (WEB / "package.json", WEB / "package-lock.json", WEB / ".npmrc")
TYPES = WEB / "src" / "api" / "schema.d.ts"
# What decides how the built page looks. Tests and lint do not.
SOURCES = ("src", "public", "build", "index.html", "vite.config.ts", "postcss.config.js")


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when done, 1 with the failed step on stderr."""
    parser = argparse.ArgumentParser(description="Build and check the page.")
    what = parser.add_mutually_exclusive_group()
    for option in ("--if-possible", "--check", "--fix", "--types", "--browser"):
        what.add_argument(option, action="store_true")
    options = parser.parse_args(arguments)
    try:
        with only_one_set_up(ROOT):
            if options.browser:
                say(f"the tests use {browser()}")
            elif options.check or options.fix or options.types:
                prepare()
            else:
                build()
        if options.check:
            check()
        elif options.fix:
            npm("run", "--silent", "fix")
        elif options.types:
            write_types(TYPES)
    except (subprocess.CalledProcessError, OSError) as failure:
        say(f"this did not work: {step(failure)}")
        if options.if_possible:
            say("Bodhi serves without its page; make page builds it later")
            return 0
        return 1
    return 0


def build() -> None:
    """Build the page, unless the one that is there was built from these very files."""
    wanted = digest([*files_below(SOURCES), *PACKAGE_FILES])
    if (BUILT / "index.html").exists() and stamp(NODE / ".page") == wanted:
        return
    say("building the page; the first time takes about a minute, and needs the network")
    prepare()
    npm("run", "--silent", "build", "--", "--logLevel", "warn")
    (NODE / ".page").write_text(wanted, encoding="ascii")
    say("the page is built")


def check() -> None:
    """Everything that can be said about the page without opening it.

    The linter takes as long as all the rest, which goes on beside it.
    """
    lint = [str(NODE / "bin" / "npm"), "run", "--silent", "lint"]
    linter = subprocess.Popen(
        lint, cwd=WEB, env=npm_environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        check_the_rest()
    finally:
        print(linter.communicate()[0], end="", flush=True)
    if linter.returncode:
        raise subprocess.CalledProcessError(linter.returncode, lint)


def check_the_rest() -> None:
    """Types against the server's, format, compiler, unit tests."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / TYPES.name
        write_types(fresh)
        if fresh.read_bytes() != TYPES.read_bytes():
            say("the server's answers changed; make page-types writes their types anew")
            raise subprocess.CalledProcessError(1, ["compare", TYPES.name])
    npm("run", "--silent", "rest")


def write_types(path: Path) -> None:
    """The types of the control plane's answers, from its own description of itself."""
    from tools import make_openapi  # brings the server along, which a mere build does not need

    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "openapi.json"
        description.write_text(_without_examples(make_openapi.schema()), encoding="utf-8")
        npm("exec", "--", "openapi-typescript", str(description), "--output", str(path), quiet=True)


def _without_examples(description: str) -> str:
    """Types need none, and with all of them their file would be twice as long."""

    def bare(value: Any) -> Any:
        if isinstance(value, list):
            return [bare(one) for one in value]
        if not isinstance(value, dict):
            return value
        is_media = "schema" in value and value.keys() <= {"schema", "example", "examples"}
        kept = {"schema": value["schema"]} if is_media else value
        return {key: bare(one) for key, one in kept.items()}

    return json.dumps(bare(json.loads(description)))


def browser() -> Path:
    """A Chromium: the machine's own, else one from the package registry, unpacked beside Node."""
    found = find_chromium()
    if found is not None:
        return found
    folder = NODE / "chromium"
    if not (folder / "chromium").exists():
        say("no Chromium here; getting one from the package registry (70 MB)")
        prepare_node()
        lock = WEB / "browser" / "package-lock.json"
        npm("ci", "--silent", folder=lock.parent)
        unpack_chromium(NODE / "bin" / "node", lock.parent, folder)
    return folder / "chromium"


def prepare() -> None:
    """Node and the packages, as the locks say."""
    prepare_node()
    wanted = digest(PACKAGE_FILES)
    if stamp(PACKAGES / ".stamp") == wanted:
        return
    say("installing the packages of the page")
    npm("ci", "--silent")
    (PACKAGES / ".stamp").write_text(wanted, encoding="ascii")


def prepare_node() -> None:
    """Node and npm in ``.venv-node``. Where it lies counts: its scripts name the folder."""
    wanted = digest([NODE_LOCK])
    if stamp(NODE / ".stamp") == wanted:
        return
    say("installing Node from the package index")
    uv = ROOT / ".venv" / "bin" / "uv"
    pip = [str(uv.with_name("python")), "-m", "pip", "--disable-pip-version-check"]
    environment = uv_environment(os.environ, pip_configuration(pip))
    run([str(uv), "venv", "--quiet", "--clear", str(NODE)], environment)
    where = ["--quiet", "--python", str(NODE)]
    flags = ["--require-hashes", "--no-build"]
    run([str(uv), "pip", "sync", *where, *flags, str(NODE_LOCK)], environment)
    (NODE / ".stamp").write_text(wanted, encoding="ascii")


def npm(*arguments: str, folder: Path = WEB, quiet: bool = False) -> None:
    """Our npm, with our Node before any other that the machine may have."""
    output = subprocess.DEVNULL if quiet else None
    command = [str(NODE / "bin" / "npm"), *arguments]
    subprocess.run(command, cwd=folder, env=npm_environment(), check=True, stdout=output)


def npm_environment() -> dict[str, str]:
    """In which npm finds our Node, and asks nobody for a newer one of itself."""
    return {**with_node(), "NO_UPDATE_NOTIFIER": "1"}


def with_node() -> dict[str, str]:
    """This environment, with our Node before any other."""
    path = os.pathsep.join([str(NODE / "bin"), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path}


def files_below(names: Iterable[str]) -> list[Path]:
    """Every file of these files and folders of ``web/``, in one order on all machines."""
    found = []
    for name in names:
        top = WEB / name
        found += [top] if top.is_file() else [p for p in top.rglob("*") if p.is_file()]
    return sorted(path for path in found if ".test." not in path.name)


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents, and over where this tree lies."""
    summed = hashlib.sha256(str(ROOT).encode())
    for path in paths:
        content = path.read_bytes()
        summed.update(f"\0{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        summed.update(content)
    return summed.hexdigest()


def stamp(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return None


def step(failure: Exception) -> str:
    """The failed step as a person would type it."""
    if isinstance(failure, subprocess.CalledProcessError):
        return " ".join(Path(part).name for part in failure.cmd)
    return str(failure)


def say(line: str) -> None:
    print(f"page: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
