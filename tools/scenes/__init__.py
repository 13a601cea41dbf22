"""Every picture that can be taken, by its name: the screens, and each of their states."""

from __future__ import annotations

import re

from tests.e2e.screen_states import STATES
from tools.scenes import aliases, first, making, trying
from tools.scenes.scene import Scene, in_state

SCENES: dict[str, Scene] = {
    **first.SCENES,
    **aliases.SCENES,
    **making.SCENES,
    **trying.SCENES,
    **{re.sub(r"\W+", "-", name): in_state(state) for name, state in STATES.items()},
}
