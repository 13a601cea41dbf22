"""The composition root: every service is built here, once, and handed what it needs."""

import asyncio
import contextlib
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodhi import demo
from bodhi.access.keys import KeyStore
from bodhi.aliases.drafts import Drafts
from bodhi.aliases.store import AliasStore
from bodhi.errors import EngineLoadFailed, StorageFailed
from bodhi.events import Bus, EventKind
from bodhi.jobs import Job, Jobs
from bodhi.model_files.index import ModelIndex
from bodhi.settings import Settings

if TYPE_CHECKING:
    from bodhi.aliases.check import Checker
    from bodhi.aliases.home import HomeLock
    from bodhi.chat_templates.sources import TemplatePlaces
    from bodhi.control_plane import Services
    from bodhi.engine.contract import Launcher, Remote
    from bodhi.engine.supervisor import Supervisor
    from bodhi.gateway.live import LiveServings
    from bodhi.http.asgi import App
    from bodhi.model_files.live import LiveCatalogue
    from bodhi.usage.keeping import Usage

log = logging.getLogger("bodhi")

# Where the page is built into, and where a wheel has it.
PAGE_FOLDER = Path(__file__).with_name("_ui")

# How long a thread that lists or saves may hold the interpreter while the event loop waits for it.
# Of Python's own 5 ms, each of several such threads takes its turn before an answer goes on.
_SWITCH_S = 0.0005

# How many objects more than before there are when the youngest are looked through for garbage. Of
# Python's own 700, sixteen requests in flight make that many at each turn of the event loop.
_COLLECT_AFTER = 10_000

# Model files come and go by other programs' hands; a look each half minute costs milliseconds.
_RESCAN_EVERY_S = 30.0


def model_index(settings: Settings) -> ModelIndex:
    """The index over the hub cache and every added folder."""
    folders = (*settings.model_folders, *demo.model_folders(settings.home))
    return ModelIndex(settings.hub_cache, folders)


def alias_store(settings: Settings, bus: Bus | None = None) -> AliasStore:
    """The alias store of the home, loaded; ``bus`` is told of what changes in it."""
    store = AliasStore(settings.home, versions_kept=settings.versions_kept)
    store.load_all()
    store.on_change = partial(bus.publish_ids, EventKind.ALIAS) if bus else None
    return store


def draft_store(settings: Settings, store: AliasStore, bus: Bus) -> Drafts:
    """The drafts of the home, loaded; a home that is read-only for now serves without them."""
    drafts = Drafts(settings.home, store, kept_days=settings.drafts_kept_days)
    drafts.on_change = partial(bus.publish_ids, EventKind.DRAFT)
    try:
        drafts.load()
    except StorageFailed as error:
        log.warning("%s", error.message)
    return drafts


@dataclass(frozen=True, slots=True)
class Bodhi:
    """A running Bodhi: the ASGI application, and what finds recipes."""

    app: "App"
    servings: "LiveServings"
    store: AliasStore
    bus: Bus


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Bodhi]:
    """Build every service, watch for changes, and stop every engine at the end."""
    from bodhi.aliases.housekeeping import keep_house
    from bodhi.aliases.watch import watch_aliases
    from bodhi.model_files.watch import watch_models

    services = await _services(settings)
    store, models = services.store, services.models
    recorder = services.usage.recorder
    recorder.start()
    tasks = [
        asyncio.create_task(watch_aliases(store, partial(_report_changes, store))),
        asyncio.create_task(watch_models(models.roots, models.refresh)),
        asyncio.create_task(_rescan(models.refresh)),
        asyncio.create_task(keep_house(store, services.drafts)),
    ]
    try:
        app = _guarded(services, _data_plane(services))
        yield Bodhi(app, services.servings, store, services.bus)
    finally:
        services.jobs.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await services.renderer.aclose()
        await services.supervisor.aclose(settings.drain_s)
        await asyncio.to_thread(recorder.close)


async def _services(settings: Settings) -> "Services":
    """Everything that is built once."""
    from bodhi.aliases.filenames import stem_for
    from bodhi.chat_templates.render import Renderer
    from bodhi.control_plane import Services
    from bodhi.gateway.live import LiveServings
    from bodhi.gateway.meter import Meter
    from bodhi.gateway.recent import RecentRequests
    from bodhi.machine import cores
    from bodhi.model_files.live import LiveCatalogue
    from bodhi.trial.trials import Trials

    bus, places = Bus(), template_places(settings)
    store = alias_store(settings, bus)
    models = LiveCatalogue(model_index(settings), partial(bus.publish_ids, EventKind.FILE))
    there, usage = remotes(settings), _usage(settings, bus)
    return Services(
        settings=settings,
        supervisor=await _supervisor(settings, bus),
        store=store,
        drafts=draft_store(settings, store, bus),
        models=models,
        servings=LiveServings(store, models, places=places, cores=cores(), remotes=there),
        recent=RecentRequests(),
        meter=Meter(usage.activity, usage.recorder.put),
        usage=usage,
        trials=Trials(lambda name: bus.publish_ids(EventKind.ALIAS, [stem_for(name)])),
        renderer=Renderer(),
        keys=KeyStore(settings.home),
        bus=bus,
        jobs=_jobs(settings, models, bus),
        places=places,
        make_checker=partial(checker, settings),
        unsupported=partial(unsupported_parameters, settings),
    )


def _jobs(settings: Settings, models: "LiveCatalogue", bus: Bus) -> Jobs:
    """The jobs of the home; what was downloaded is listed before its job is told to be done."""
    from bodhi.model_files.downloads import KIND, downloader

    loop = asyncio.get_running_loop()

    def list_anew(job: Job) -> None:
        del job
        with contextlib.suppress(TimeoutError, OSError):
            asyncio.run_coroutine_threadsafe(models.refresh(), loop).result(_RESCAN_EVERY_S)

    return Jobs(
        settings.home / "state" / "jobs.json",
        {KIND: downloader(settings.hub_cache)},
        publish=bus.publish,
        on_done=list_anew,
    )


def _usage(settings: Settings, bus: Bus) -> "Usage":
    """What records requests; it opens its database when there is something for it."""
    from bodhi.usage.keeping import Usage

    tell = partial(bus.publish, EventKind.USAGE, {})
    return Usage(
        settings.home / "state",
        keep_user=settings.usage_keep_user,
        kept_days=settings.usage_kept_days,
        on_written=tell,
    )


def _data_plane(services: "Services") -> "App":
    """The application of ``/v1``."""
    from bodhi.gateway.relay import Relay
    from bodhi.gateway.routes import Gateway

    settings = services.settings
    relay = Relay(services.supervisor, settings.silence_timeout_s)
    most_bytes = settings.max_body_mib << 20
    return Gateway(services.servings, relay, most_bytes, services.recent, services.meter)


async def _supervisor(settings: Settings, bus: Bus) -> "Supervisor":
    from bodhi.engine.supervisor import Supervisor
    from bodhi.machine import free_memory

    return Supervisor(
        await _launcher(settings),
        max_engines=settings.max_engines,
        idle_unload_s=settings.idle_unload_s,
        load_timeout_s=settings.load_timeout_s,
        max_queue=settings.max_queue,
        free_memory=free_memory if settings.memory_check == "refuse" else None,
        on_state=partial(bus.publish, EventKind.ENGINE),
    )


def remotes(settings: Settings) -> "dict[str, Remote]":
    """The remotes of the settings, by name."""
    from bodhi.engine.contract import Remote

    return {
        name: Remote(
            name=name,
            host=(remote.url.host or "").strip("[]"),
            port=remote.url.port or (443 if remote.url.scheme == "https" else 80),
            is_tls=remote.url.scheme == "https",
            base_path=(remote.url.path or "").rstrip("/"),
            key_variable=remote.api_key_env,
            slots=remote.slots,
        )
        for name, remote in settings.remotes.items()
    }


def checker(settings: Settings) -> "Checker":
    """What finds out why an alias would not serve."""
    from bodhi.aliases.check import Checker, anything_goes
    from bodhi.engine.options import check_supported
    from bodhi.machine import cores, free_memory

    # What a program takes is known once it has been asked, when the first engine is started.
    check_engine = check_supported if settings.engine == "embedded" else anything_goes
    return Checker(template_places(settings), cores(), check_engine, remotes(settings), free_memory)


def template_places(settings: Settings) -> "TemplatePlaces":
    """Where chat templates are found on this machine."""
    from bodhi.chat_templates.sources import TemplatePlaces

    return TemplatePlaces(settings.hub_cache, settings.home / "templates")


async def _launcher(settings: Settings) -> "Launcher":
    """All engines that the settings speak of. Raises StartRefused: see ``_local_launcher``."""
    local = await _local_launcher(settings)
    if not settings.remotes:
        return local
    from bodhi.engine.remote import Launchers, RemoteLauncher

    return Launchers(local, RemoteLauncher())


async def _local_launcher(settings: Settings) -> "Launcher":
    """Raises StartRefused where a program is wanted and none is found."""
    if settings.engine == "embedded":
        from bodhi.engine.embedded import EmbeddedLauncher

        return EmbeddedLauncher()
    from bodhi.engine.binary import BinaryLauncher, find_program

    launcher = BinaryLauncher(find_program(settings.llama_server))
    try:
        build = await launcher.prepare()
        log.info("engines are llama-server processes, version %s", build.version)
    except EngineLoadFailed as error:  # each request is told; the program may be mended meanwhile
        log.warning("%s", error.message)
    return launcher


def _guarded(services: "Services", gateway: "App") -> "App":
    from bodhi.control_plane import control_plane
    from bodhi.http.body_limit import BodyLimit
    from bodhi.http.deferred import Deferred
    from bodhi.http.front import Front, needs_no_key
    from bodhi.http.guard import Guard, is_loopback
    from bodhi.http.page import Page

    settings = services.settings
    key, control = settings.api_key, Deferred(partial(control_plane, services))
    return Guard(
        Front(gateway, BodyLimit(control, settings.max_body_mib << 20), Page(PAGE_FOLDER)),
        allowed_hosts=settings.allowed_hosts,
        allowed_origins=settings.allowed_origins,
        api_key=None if key is None else key.get_secret_value(),
        keys=services.keys,
        require_key=settings.require_key or not is_loopback(settings.host),
        needs_no_key=needs_no_key,
    )


def unsupported_parameters(settings: Settings) -> dict[str, str]:
    """Key -> why the engine in use does not take it. A program says so once it was asked."""
    from bodhi.engine.options import UNSUPPORTED

    if settings.engine != "embedded":
        return {}
    return {key: fact for key, (fact, _) in UNSUPPORTED.items()}


def _report_changes(store: AliasStore, stems: Iterable[str]) -> None:
    """A file that cannot be used is said aloud at once: its editor may be looking."""
    for stem in sorted(stems):
        stored = store.by_stem(stem)
        if stored is None:
            log.info("alias %s is gone", stem)
        elif stored.problem is not None:
            log.warning("alias %s cannot be used: %s", stem, stored.problem)
        else:
            log.info("alias %s is at version %d", stem, stored.version)


async def _rescan(refresh: Callable[[], Any]) -> None:
    while True:
        await asyncio.sleep(_RESCAN_EVERY_S)
        try:
            await refresh()
        except OSError as error:
            log.warning("the model folders could not be read", exc_info=error)


def serve(settings: Settings, *, demo_wanted: bool = False) -> None:
    """Serve until a signal; prints address, aliases and an example when ready.

    Raises StartRefused where binding, home or lock forbid it. A second signal ends at once.
    """
    from bodhi import log as logs
    from bodhi.aliases.home import HomeLock, prepare_home
    from bodhi.http.guard import check_binding
    from bodhi.machine import forbid_core_dumps

    forbid_core_dumps()
    check_binding(
        settings.host,
        has_key=settings.api_key is not None or bool(KeyStore(settings.home).all()),
        allowed_hosts=settings.allowed_hosts,
    )
    logs.setup()
    prepare_home(settings.home)
    with HomeLock(settings.home).acquire(f"{settings.host}:{settings.port}") as lock:
        if demo_wanted:
            demo.install(settings.home)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings, lock, demo_wanted))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _serve(settings: Settings, lock: "HomeLock", demo_wanted: bool) -> None:
    from bodhi.cli.banner import banner
    from bodhi.http.server import Server, address_of, listen

    listener = listen(settings.host, settings.port)
    lock.describe(address_of(listener).removeprefix("http://"))
    async with running(settings) as bodhi:
        # Ten thousand aliases are half a million objects that stay. Every full collection would
        # look at all of them, for 70 ms in which nobody's answer goes on.
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER)
        sys.setswitchinterval(_SWITCH_S)

        async def announce() -> None:
            names = [name for name, _, _ in await bodhi.servings.names()]
            print(banner(address_of(listener), names, demo_wanted), flush=True)  # noqa: T201

        server = Server(
            bodhi.app, drain_s=settings.drain_s, on_ready=announce, on_stop=bodhi.bus.close
        )
        await server.serve([listener])
