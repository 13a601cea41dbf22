"""Keys of an alias file that are nearly one of ours: kept, but hardly meant so. Pure."""

from difflib import get_close_matches

from bodhi.aliases.model import Alias
from bodhi.aliases.reader import ABOUT, SECTIONS, TEXTS
from bodhi.params.findings import Edit, Finding
from bodhi.params.rules.rule import Severity

# Close enough for a slip of the finger; ``source`` and notes of people are left alone.
_CUTOFF = 0.8
_KNOWN = (*TEXTS, *ABOUT, *SECTIONS)


def unknown_keys(alias: Alias) -> list[Finding]:
    """One finding for each; a section that is there under its own name as well is not moved."""
    return [] if not alias.extra else [f for name in alias.extra if (f := _finding(name, alias))]


def _finding(name: str, alias: Alias) -> Finding | None:
    near = get_close_matches(name.replace("-", "_").lower(), _KNOWN, 1, _CUTOFF)
    if not near or getattr(alias, near[0], None):
        return None
    return Finding(
        "unknown_key",
        Severity.WARNING,
        f"{name} means nothing here; {near[0]} would.",
        fix=f"Rename it to {near[0]}",
        patch=(Edit((name,), None), Edit((near[0],), alias.extra[name])),
    )
