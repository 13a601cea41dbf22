"""Runs when a wheel is built: without the page there is none, because nobody would look for it.

Hatchling loads this file by its path (pyproject.toml) and calls the hook. An editable install is
not stopped: in a checkout the server says how to build the page.
"""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("src", "bodhi", "_ui", "index.html")
ESCAPE = "BODHI_WHEEL_WITHOUT_PAGE"


class WheelHook(BuildHookInterface[Any]):
    """Refuses to build a wheel that lacks the page."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """``version`` is "standard" for a wheel that is shipped, "editable" for a checkout's."""
        del build_data
        built = Path(self.root, PAGE).is_file()
        if version == "standard" and not built and os.environ.get(ESCAPE) != "1":
            raise SystemExit(
                "The page is not built, and a wheel without it would serve none.\n"
                f"make page builds it (once); {ESCAPE}=1 makes a wheel without a page."
            )
