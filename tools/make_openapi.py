"""Writes the OpenAPI description of the control plane from its routes, without a server.

python tools/make_openapi.py                  print it
python tools/make_openapi.py FILE             write it
python tools/make_openapi.py FILE --check     fail if the file is not what would be written
"""

import argparse
import json
import sys
import tempfile
from functools import partial
from pathlib import Path

from bodhi.access.keys import KeyStore
from bodhi.aliases.drafts import Drafts
from bodhi.aliases.store import AliasStore
from bodhi.app import checker, model_index, template_places
from bodhi.chat_templates.render import Renderer
from bodhi.control_plane import Services, control_plane
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.supervisor import Supervisor
from bodhi.events import Bus
from bodhi.gateway.live import LiveServings
from bodhi.gateway.meter import Meter
from bodhi.gateway.recent import RecentRequests
from bodhi.jobs import Jobs
from bodhi.model_files.live import LiveCatalogue
from bodhi.settings import Settings
from bodhi.trial.trials import Trials
from bodhi.usage.keeping import Usage


def schema() -> str:
    """The description as JSON; equal code gives equal bytes, on every machine."""
    with tempfile.TemporaryDirectory() as folder:
        # Not read from this machine: its settings are none of the description's business.
        settings = Settings.model_construct(home=Path(folder), hub_cache=Path(folder))
        supervisor = Supervisor(
            EmbeddedLauncher(),
            max_engines=settings.max_engines,
            idle_unload_s=settings.idle_unload_s,
            load_timeout_s=settings.load_timeout_s,
            max_queue=settings.max_queue,
            free_memory=None,
        )
        store, models = AliasStore(settings.home), LiveCatalogue(model_index(settings))
        places = template_places(settings)
        services = Services(
            settings=settings,
            supervisor=supervisor,
            store=store,
            drafts=Drafts(settings.home, store),
            models=models,
            servings=LiveServings(store, models, places=places, cores=1),
            recent=RecentRequests(),
            meter=Meter(),
            usage=Usage(settings.home),
            trials=Trials(),
            renderer=Renderer(),
            keys=KeyStore(settings.home),
            bus=Bus(),
            jobs=Jobs(settings.home / "jobs.json", {}),
            places=places,
            make_checker=partial(checker, settings),
            unsupported=dict,
        )
        app = control_plane(services)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Print, write or compare it."""
    parser = argparse.ArgumentParser(description="Write the OpenAPI description of /api/v1.")
    parser.add_argument("file", nargs="?", type=Path, help="where; without it, standard output")
    parser.add_argument("--check", action="store_true", help="only say whether it is current")
    arguments = parser.parse_args()
    wanted, file = schema(), arguments.file
    if file is None:
        sys.stdout.write(wanted)
    elif not arguments.check:
        file.write_text(wanted, encoding="utf-8")
    elif not file.is_file() or file.read_text(encoding="utf-8") != wanted:
        sys.exit(f"{file} is not current: run python tools/make_openapi.py {file}")


if __name__ == "__main__":
    main()
