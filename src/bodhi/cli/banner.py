"""What ``bodhi serve`` says once it answers. Pure."""

import json
from collections.abc import Sequence

from bodhi.cli.output import clean

# A machine may hold hundreds of models; the first screen names a few.
_MOST_NAMES = 8


def banner(address: str, names: Sequence[str], demo: bool) -> str:
    """Address (``http://host:port``), the names that can be asked for, and a request to try."""
    lines = [f"Bodhi{' (demo)' if demo else ''} answers on {address}", ""]
    if not names:
        return "\n".join([*lines, *_NO_NAMES])
    lines += [f"  {clean(name)}" for name in names[:_MOST_NAMES]]
    if len(names) > _MOST_NAMES:
        lines.append(f"  and {len(names) - _MOST_NAMES} more: bodhi aliases list")
    return "\n".join([*lines, "", "Try it:", *_curl(address, clean(names[0]))])


_NO_NAMES = (
    "There is no alias and no model yet.",
    "Models in the Hugging Face cache are found by themselves; bodhi models list shows them.",
    "To see Bodhi at work without a model of your own: bodhi serve --demo",
)


def _curl(address: str, name: str) -> tuple[str, str]:
    body = json.dumps({"model": name, "messages": [{"role": "user", "content": "Hello!"}]})
    # A quote in the name would end the shell's own.
    quoted = body.replace("'", "'\\''")
    return (
        f"  curl {address}/v1/chat/completions -H 'content-type: application/json' \\",
        f"    -d '{quoted}'",
    )
