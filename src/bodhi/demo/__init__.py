"""The demo that comes with Bodhi: a tiny chat model, and three aliases on it.

The model file lies in this package, laid out like any folder of models. The aliases are ordinary
files in the home, written once by ``bodhi serve --demo`` and the user's own from then on.
"""

from pathlib import Path

from bodhi.files import Disk, replace_file

MODEL_FOLDER = Path(__file__).parent / "models"
REPO = "bodhi/demo"

_PRECISE = """\
# Always the likeliest word: the same question gets the same answer.
alias: demo:precise
repo: bodhi/demo
filename: demo.Q8_0.gguf
request_params:
  temperature: 0
"""

_CREATIVE = """\
# Stories that differ each time. Ask for one about a cat, and ask again.
alias: demo:creative
repo: bodhi/demo
filename: demo.Q8_0.gguf
request_params:
  temperature: 0.8
  top_p: 0.95
"""

_SHORT = """\
# The same model file and engine as the others: only the request differs.
alias: demo:short
repo: bodhi/demo
filename: demo.Q8_0.gguf
request_params:
  temperature: 0
  system_prompt: Answer briefly.
request_policy:
  system_prompt: enforce
"""

ALIASES = {
    "demo--precise.yaml": _PRECISE,
    "demo--creative.yaml": _CREATIVE,
    "demo--short.yaml": _SHORT,
}


def install(home: Path) -> None:
    """Write the three aliases that are not there yet into the home's alias folder."""
    folder = home / "aliases"
    for name, text in ALIASES.items():
        path = folder / name
        if not path.exists():
            replace_file(path, text.encode(), Disk())


def model_folders(home: Path) -> tuple[Path, ...]:
    """The package's model folder, for homes that have one of its aliases."""
    wanted = any((home / "aliases" / name).exists() for name in ALIASES)
    return (MODEL_FOLDER,) if wanted else ()
