"""``python -m benchmarks.lighthouse``: Lighthouse over the first screens, on a desk and on a phone.

Lighthouse comes from the package registry into ``.venv-node/lighthouse`` when this is run first; no
test needs it. Speed is that of this machine while it does nothing else; a phone is this
machine with a quarter of its speed, behind a slow line, as Lighthouse has it.
"""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import figure
from tests.e2e.browsing import chromium_program
from tests.e2e.homes import showcase_home
from tests.support.server import running_server
from tools.chromium import libraries_of
from tools.page import NODE, npm, prepare_node, with_node

VERSION = "13.5.0"
ROUNDS = 3
SCREENS = {"dashboard": "/", "list": "/aliases", "detail": "/aliases/llama3--instruct"}
_CATEGORIES = ("performance", "accessibility", "best-practices")
# What Lighthouse is told of the device; of each the shift of what is drawn and the time of its long
# tasks are figures of their own.
_DEVICES = {"desk": ("--preset=desktop",), "phone": ()}
_AUDITS = {"cumulative-layout-shift": "", "total-blocking-time": "ms"}
_FLAGS = "--headless=new --no-sandbox --disable-gpu"


def main() -> None:
    """Measure and print."""
    program = _installed()
    with tempfile.TemporaryDirectory(prefix="bench") as root:
        place = showcase_home(Path(root))
        with running_server(place.home, place.hub) as server:
            for device, options in _DEVICES.items():
                for name, path in SCREENS.items():
                    address = f"{server.address}{path}"
                    rounds = [_report(program, address, root, options) for _ in range(ROUNDS)]
                    _tell(f"{device}, {name}", rounds)


def _tell(name: str, rounds: list[dict[str, Any]]) -> None:
    for category in _CATEGORIES:
        scores = [100 * one["categories"][category]["score"] for one in rounds]
        figure(f"{name}, {category}", scores, "of 100", places=0)
    for audit, unit in _AUDITS.items():
        values = [one["audits"][audit]["numericValue"] for one in rounds]
        figure(f"{name}, {audit}", values, unit, places=0 if unit else 3)


def _installed() -> Path:
    """The program, got from the registry where it is not here yet."""
    prepare_node()
    folder = NODE / "lighthouse"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}", encoding="ascii")
        npm("install", "--silent", "--no-save", f"lighthouse@{VERSION}", folder=folder)
    return program


def _report(program: Path, address: str, folder: str, options: Sequence[str]) -> dict[str, Any]:
    path = Path(folder, "report.json")
    browser = chromium_program()
    environment = {**with_node(), **libraries_of(browser), "CHROME_PATH": str(browser)}
    command = [str(program), address, *options, "--quiet", "--output=json"]
    command += [f"--output-path={path}", f"--chrome-flags={_FLAGS}"]
    command += [f"--only-categories={','.join(_CATEGORIES)}"]
    subprocess.run(command, env=environment, check=True)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()
