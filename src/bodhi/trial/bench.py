"""Makes trials: everything that can be refused is refused here, before a stream begins."""

from dataclasses import dataclass

import orjson

from bodhi.engine.contract import EngineState
from bodhi.engine.supervisor import Supervisor
from bodhi.errors import InvalidInput
from bodhi.gateway.body import read_request
from bodhi.gateway.dialects import CHAT, COMPLETIONS, Dialect
from bodhi.gateway.meter import Meter
from bodhi.gateway.prepare import Prepared, prepare
from bodhi.gateway.recent import RecentRequests
from bodhi.params.values import Json, JsonObject
from bodhi.trial.recipes import Candidate, Recipes
from bodhi.trial.sent import Tried
from bodhi.trial.shown import Foretold
from bodhi.trial.trials import Trials
from bodhi.usage.experiments import Experiments

_CHANGED = b"x-bodhi-changed"


@dataclass(frozen=True, slots=True)
class Bench:
    """What every trial needs. ``cores`` is what -1 threads means here."""

    recipes: Recipes
    supervisor: Supervisor
    recent: RecentRequests
    trials: Trials
    meter: Meter
    experiments: Experiments
    silence_s: float
    cores: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A trial that may begin."""

    candidate: Candidate
    dialect: Dialect
    prepared: Prepared
    user: Json
    request_id: str
    key_id: str | None


async def make_ready(
    bench: Bench, tried: Tried, body: JsonObject, *, key_id: str | None = None
) -> Ready:
    """Raises whatever such a request to such an alias raises before an engine is asked."""
    candidate = await bench.recipes.candidate(tried)
    dialect = CHAT if "messages" in body else COMPLETIONS
    name = candidate.serving.resolution.name
    try:
        request = read_request(orjson.dumps({**body, "model": name}), dialect.fields)
        prepared = prepare(request, candidate.serving, dialect)
    except InvalidInput as error:
        first = (error.pointer or "").split("/")[1:2]
        if first and first[0] not in ("messages", "prompt", "seed", "model"):
            error.pointer = f"/request{error.pointer}"
        raise
    user = request.params.get("user")
    return Ready(candidate, dialect, prepared, user, next(bench.meter.ids).decode(), key_id)


def foretell(bench: Bench, ready: Ready) -> Foretold:
    """What is known of the trial now."""
    serving = ready.candidate.serving
    engine = bench.supervisor.engine(serving.spec.load_key)
    headers = dict(ready.prepared.headers)
    changed = headers.get(_CHANGED, b"").decode("latin-1")
    return Foretold(
        alias=serving.resolution.label,
        model=serving.spec.model_path.name,
        load_key=serving.spec.load_key,
        needs_load=engine is None or engine.state is not EngineState.READY,
        load_key_changed=ready.candidate.load_key_changed,
        seed=ready.prepared.body.get("seed"),
        changed=changed.split(", ") if changed else [],
        dropped=[name[:64] for name in ready.prepared.dropped[:32]],
    )


def fields_of(tried: Tried) -> list[str]:
    """What of a saved recipe is tried otherwise, as pointers without values."""
    return ["/" + "/".join(edit.path) for edit in tried.edits]
