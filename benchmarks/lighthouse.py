"""``python -m benchmarks.lighthouse``: Lighthouse over the page's first screens, on a desk.

Lighthouse comes from the package registry into ``.venv-node/lighthouse`` when this is run first; no
test needs it. Speed is that of this machine while it does nothing else.
"""

import json
import subprocess
import tempfile
from pathlib import Path

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
_FLAGS = "--headless=new --no-sandbox --disable-gpu"


def main() -> None:
    """Measure and print."""
    program = _installed()
    with tempfile.TemporaryDirectory(prefix="bench") as root:
        place = showcase_home(Path(root))
        with running_server(place.home, place.hub) as server:
            for name, path in SCREENS.items():
                rounds = [_report(program, f"{server.address}{path}", root) for _ in range(ROUNDS)]
                for category in _CATEGORIES:
                    scores = [100 * one["categories"][category]["score"] for one in rounds]
                    figure(f"{name}, {category}", scores, "of 100", places=0)


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


def _report(program: Path, address: str, folder: str) -> dict[str, dict[str, dict[str, float]]]:
    path = Path(folder, "report.json")
    browser = chromium_program()
    environment = {**with_node(), **libraries_of(browser), "CHROME_PATH": str(browser)}
    command = [str(program), address, "--preset=desktop", "--quiet", "--output=json"]
    command += [f"--output-path={path}", f"--chrome-flags={_FLAGS}"]
    command += [f"--only-categories={','.join(_CATEGORIES)}"]
    subprocess.run(command, env=environment, check=True)
    found: dict[str, dict[str, dict[str, float]]] = json.loads(path.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()
