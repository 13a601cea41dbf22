"""Makes ``.venv`` what the locks say, before anything else of Bodhi can run. Standard library only.

    python3 tools/setup_env.py          what the server needs
    python3 tools/setup_env.py --dev    and what the tests need

An environment that is up to date is recognised by its stamp alone: no network, no other process.
While one is being changed its stamp says so; a set-up that was interrupted therefore starts over
with an empty ``.venv``. A second set-up at the same time waits for the first and finds it done.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
UNFINISHED = "unfinished"

# Shared libraries that the engine's wheel expects from the system, and Debian's package of each.
SYSTEM_LIBRARIES = {"libgomp.so.1": "libgomp1", "libstdc++.so.6": "libstdc++6"}

# uv does not read pip's configuration. What decides where packages come from is handed on.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


class SetupFailed(Exception):
    """What is missing and the line that brings it. Shown to a person as it is."""


def main(arguments: list[str] | None = None) -> int:
    """Bring ``.venv`` up to date. Exit code 0 when it is, 1 with the reason when it cannot be."""
    parser = argparse.ArgumentParser(description="Make .venv what the locks say.")
    parser.add_argument("--dev", action="store_true", help="what the tests need as well")
    kind = "dev" if parser.parse_args(arguments).dev else "runtime"
    if sys.version_info < OLDEST:
        run_with_a_newer_python()
    try:
        check_system_libraries(ctypes.CDLL)
        if not is_up_to_date(ROOT, kind):
            with only_one_set_up(ROOT):
                if not is_up_to_date(ROOT, kind):
                    set_up(ROOT, kind)
    except SetupFailed as failure:
        print(f"set-up: {failure}", file=sys.stderr)
    except subprocess.CalledProcessError as failure:
        print(f"set-up: this step failed: {step_name(failure.cmd)}", file=sys.stderr)
    except PermissionError as failure:
        print(f"set-up: no permission to write {failure.filename}", file=sys.stderr)
    except KeyboardInterrupt:
        print("set-up: interrupted; the next one starts over", file=sys.stderr)
    else:
        return 0
    return 1


def run_with_a_newer_python() -> NoReturn:
    """Replace this process by one with the newest suitable Python on PATH that runs."""
    for found in filter(None, map(shutil.which, NEWER_NAMES)):
        # Version managers put names on PATH that only say that the version is not chosen.
        if subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            os.execv(found, [found, *sys.argv])  # noqa: S606 - the same script, another Python
    wanted = ".".join(map(str, OLDEST))
    sys.exit(
        f"set-up: Python {wanted} or newer is needed, this is {sys.version.split()[0]}.\n"
        f"On Debian or Ubuntu: apt-get install python{wanted} python{wanted}-venv\n"
        "With one elsewhere: make PYTHON=/where/it/is"
    )


def check_system_libraries(load: Callable[[str], object]) -> None:
    """Try to load what the engine links against; :class:`SetupFailed` names what is not there."""
    if not sys.platform.startswith("linux"):
        return
    missing = []
    for library, package in SYSTEM_LIBRARIES.items():
        try:
            load(library)
        except OSError:
            missing.append((library, package))
    if missing:
        libraries = " and ".join(library for library, _ in missing)
        packages = " ".join(package for _, package in missing)
        raise SetupFailed(
            f"the engine needs {libraries} from the system.\n"
            f"On Debian or Ubuntu: apt-get install {packages}"
        )


def is_up_to_date(root: Path, kind: str) -> bool:
    """Whether the stamp is that of these locks, at this place. A dev environment serves too."""
    try:
        stamp = stamp_path(root).read_text(encoding="ascii").split()
    except OSError:
        return False
    good = {digest(root, one) for one in {kind, "dev"}}
    return bool(good.intersection(stamp)) and environment_python(root).exists()


def digest(root: Path, kind: str) -> str:
    """SHA-256 over everything that decides what ``.venv`` holds, and where it lies.

    Of pyproject.toml only the parts that packaging reads, so that tuning a linter is no reason
    to install again. The place counts because scripts and the editable install name it.
    """
    import tomllib  # not known to the old Pythons that only find a newer one

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    packaging = [project["build-system"], project["project"], project["tool"]["hatch"]]
    parts = [kind, str(root), json.dumps(packaging, sort_keys=True)]
    parts += [lock.read_text(encoding="utf-8") for lock in locks(root, kind)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def locks(root: Path, kind: str) -> list[Path]:
    """The installer's lock, then that of the packages."""
    packages = "requirements-dev.lock" if kind == "dev" else "requirements.lock"
    return [root / "requirements-uv.lock", root / packages]


def stamp_path(root: Path) -> Path:
    return root / ".venv" / ".set-up"


def environment_python(root: Path) -> Path:
    folder = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return root / ".venv" / folder


@contextlib.contextmanager
def only_one_set_up(root: Path) -> Iterator[None]:
    """Wait until no other process sets up this tree. The system frees the lock of a dead one."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (root / ".set-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(root: Path, kind: str) -> None:
    """Install. The stamp says "unfinished" from the first change to the last."""
    if not can_be_kept(root):
        make_empty_environment(root)
    stamp = stamp_path(root)
    stamp.write_text(UNFINISHED, encoding="ascii")
    python = str(environment_python(root))
    uv_lock, packages_lock = locks(root, kind)
    say("installing uv")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    run([*pip, "install", "--quiet", "--require-hashes", "--only-binary=:all:", "-r", str(uv_lock)])
    uv = [str(environment_python(root).with_name("uv")), "pip"]
    where = ["--python", python]
    environment = uv_environment(os.environ, pip_configuration(pip))
    say(f"installing the packages of {packages_lock.name}")
    sync = [*uv, "sync", *where, "--require-hashes", "--no-build", str(packages_lock), str(uv_lock)]
    run(sync, environment)
    say("installing Bodhi itself, as it lies here")
    itself = ["--no-deps", "--no-build-isolation", "--editable", str(root)]
    run([*uv, "install", *where, "--offline", *itself], environment)
    stamp.write_text(digest(root, kind), encoding="ascii")
    say("done")


def can_be_kept(root: Path) -> bool:
    """Whether a whole environment is here, made for this place, that can be changed in place."""
    folder = root / ".venv"
    question = "import pip, sys; print(sys.version_info >= (3, 11), sys.prefix)"
    command = [str(environment_python(root)), "-c", question]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        if stamp_path(root).exists() and stamp_path(root).read_text("ascii") == UNFINISHED:
            return False
        activate = environment_python(root).with_name("activate").read_text(encoding="utf-8")
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        # Scripts name the folder they were made in; after a move they would run another one.
        return answer.rstrip("\n") == f"True {folder}" and str(folder) in activate
    return False


def make_empty_environment(root: Path) -> None:
    """``python -m venv`` with this Python, in place of whatever ``.venv`` was."""
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupFailed(
            f"this Python ({version}) comes without its venv module.\n"
            f"On Debian or Ubuntu: apt-get install python{version}-venv"
        )
    say(f"making .venv with Python {sys.version.split()[0]}")
    folder = root / ".venv"
    if folder.is_symlink() or folder.exists():
        folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
    folder.mkdir()
    stamp_path(root).write_text(UNFINISHED, encoding="ascii")
    run([sys.executable, "-m", "venv", str(folder)])


def pip_configuration(pip: list[str]) -> dict[str, str]:
    """pip's settings by bare name: ``install`` wins over ``global``, the environment over both."""
    listing = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False)
    settings: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in listing.stdout.splitlines():
            key, _, value = line.partition("=")
            if key.startswith(section):
                settings[key.removeprefix(section)] = str(ast.literal_eval(value))
    return settings


def uv_environment(environment: Mapping[str, str], pip: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: as it is, with pip's settings where uv has none of its own."""
    handed_on = {
        name: pip[setting]
        for setting, name in PIP_TO_UV.items()
        if setting in pip and name not in environment
    }
    if "UV_INDEX_URL" in environment:  # uv's own older name for the same setting
        handed_on.pop("UV_DEFAULT_INDEX", None)
    return {**environment, **handed_on, "UV_PYTHON_DOWNLOADS": "never"}


def run(command: list[str], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(command, check=True, env=environment)


def step_name(command: list[str]) -> str:
    """A command as a person would write it, without the folders."""
    return " ".join([Path(command[0]).name, *(Path(part).name for part in command[1:])])


def say(line: str) -> None:
    print(f"set-up: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
