"""Puts the control plane together: the routes of every domain over the services of one Bodhi."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bodhi.access.keys import KeyStore
from bodhi.aliases.drafts import Drafts
from bodhi.aliases.store import AliasStore
from bodhi.events import Bus, EventKind
from bodhi.jobs import Jobs
from bodhi.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fastapi import APIRouter, FastAPI

    from bodhi.aliases.check import Checker
    from bodhi.aliases.listing import Listing
    from bodhi.aliases.params_routes import Know
    from bodhi.chat_templates.own_store import OwnTemplates
    from bodhi.chat_templates.render import Renderer
    from bodhi.chat_templates.sources import TemplatePlaces
    from bodhi.engine.supervisor import Supervisor
    from bodhi.gateway.live import LiveServings
    from bodhi.gateway.meter import Meter
    from bodhi.gateway.recent import RecentRequests
    from bodhi.model_files.live import LiveCatalogue
    from bodhi.params.bounds import Circumstances
    from bodhi.trial.trials import Trials
    from bodhi.usage.keeping import Usage


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes are over; the last two are made when the routes are.

    ``unsupported`` tells of each parameter that the engine in use does not take, why.
    """

    settings: Settings
    supervisor: "Supervisor"
    store: AliasStore
    drafts: Drafts
    models: "LiveCatalogue"
    servings: "LiveServings"
    recent: "RecentRequests"
    meter: "Meter"
    usage: "Usage"
    trials: "Trials"
    renderer: "Renderer"
    keys: KeyStore
    bus: Bus
    jobs: Jobs
    places: "TemplatePlaces"
    make_checker: "Callable[[], Checker]"
    unsupported: "Callable[[], Mapping[str, str]]"


def control_plane(services: Services) -> "FastAPI":
    """The application of ``/api/v1``, with the routes of every domain."""
    from bodhi.access.routes import key_routes, session_routes
    from bodhi.advice.proposal_routes import proposal_routes
    from bodhi.advice.routes import advice_routes
    from bodhi.aliases.params_routes import params_routes
    from bodhi.aliases.schema import alias_schema_text
    from bodhi.aliases.usage_routes import usage_routers
    from bodhi.engine.routes import engine_routes
    from bodhi.gateway.explain_routes import explain_routes
    from bodhi.http.control import control_app
    from bodhi.http.events_routes import events_routes
    from bodhi.http.jobs_routes import jobs_routes
    from bodhi.http.settings_routes import settings_routes
    from bodhi.model_files.download_routes import download_routes
    from bodhi.model_files.routes import model_routes

    store, models, check = services.store, services.models, services.make_checker()
    return control_app(
        [
            params_routes(_know(services, check.cores), alias_schema_text),
            *_aliases(services, check),
            model_routes(models),
            *_templates(services),
            # Before the model itself, whose id may hold slashes.
            proposal_routes(store, models, check.cores),
            _model_details(services, check.cores),
            engine_routes(services.supervisor),
            explain_routes(services.recent, check.cores),
            advice_routes(store, models, services.settings.home, check.cores),
            _memory(services, check.cores),
            events_routes(services.bus),
            _trials(services, check.cores),
            download_routes(services.jobs),
            jobs_routes(services.jobs),
            settings_routes(services.settings),
            session_routes(),
            key_routes(services.keys),
            *usage_routers(services.usage, store, models, services.drafts.count),
        ]
    )


def _aliases(services: Services, check: "Checker") -> "Iterable[APIRouter]":
    from bodhi.aliases.archive_routes import archive_routes
    from bodhi.aliases.listing import Listing
    from bodhi.aliases.many_routes import many_routes
    from bodhi.aliases.pins import Pins
    from bodhi.aliases.routes import alias_routes
    from bodhi.aliases.state import Around
    from bodhi.aliases.trash_can import TrashCan
    from bodhi.aliases.trash_routes import trash_routes
    from bodhi.aliases.version_routes import pin_routes
    from bodhi.aliases.write_routes import Desk, alias_write_routes
    from bodhi.aliases.writing import Writing
    from bodhi.chat_templates.trials import TemplateTrials

    pins = Pins(services.settings.home)
    around = Around(
        activity=services.meter.activity,
        drafts=services.drafts,
        pins=pins,
        trials=services.trials,
    )
    listing = Listing(services.store, check, around, TemplateTrials(services.renderer))
    store, models, home = services.store, services.models, services.settings.home
    desk = Desk(Writing(store), listing, models)
    return [
        alias_routes(listing, models),
        many_routes(desk, store, check, listing, models, home),
        alias_write_routes(desk),
        archive_routes(store, models),
        trash_routes(desk, TrashCan(store, _own_templates(services))),
        pin_routes(store, pins, models),
        *_history(services, check, listing),
    ]


def _history(services: Services, check: "Checker", listing: "Listing") -> "Iterable[APIRouter]":
    """What an alias was, and what it may become."""
    from bodhi.aliases.draft_routes import Desk, draft_routes
    from bodhi.aliases.draft_view import DraftView
    from bodhi.aliases.version_routes import version_routes
    from bodhi.usage.experiments import Experiments
    from bodhi.usage.model import ExperimentKind

    store, models = services.store, services.models
    view = DraftView(store, services.drafts, check)
    note = partial(Experiments(services.meter.put).note, ExperimentKind.PUBLISH)
    home = services.settings.home
    desk = Desk(store, services.drafts, view, models, home, note, listing.trials)
    return draft_routes(desk, listing), version_routes(store, view, listing, models)


def _model_details(services: Services, cores: int) -> "APIRouter":
    from bodhi.gateway.model_routes import model_detail_routes
    from bodhi.machine import free_memory

    store, models = services.store, services.models
    return model_detail_routes(store, models, cores=cores, free_memory=free_memory)


def _memory(services: Services, cores: int) -> "APIRouter":
    from bodhi.engine.dry_run import DryRuns
    from bodhi.gateway.memory_routes import memory_routes
    from bodhi.machine import free_memory

    return memory_routes(
        services.store,
        services.models,
        cores=cores,
        free_memory=free_memory,
        dry_runs=DryRuns() if services.settings.engine == "embedded" else None,
    )


def _trials(services: Services, cores: int) -> "APIRouter":
    from bodhi.trial.bench import Bench
    from bodhi.trial.recipes import Recipes
    from bodhi.trial.routes import trial_routes

    bench = Bench(
        Recipes(services.store, services.drafts, services.models, services.servings),
        services.supervisor,
        services.recent,
        services.trials,
        services.meter,
        services.usage.experiments,
        services.settings.silence_timeout_s,
        cores,
    )
    return trial_routes(bench)


def _templates(services: Services) -> "Iterable[APIRouter]":
    from bodhi.aliases.templates import TemplateBook
    from bodhi.chat_templates.own_routes import own_template_routes
    from bodhi.chat_templates.routes import template_routes

    book = TemplateBook(services.store, services.models, services.places)
    return (
        template_routes(book.find, book.all, services.renderer),
        own_template_routes(_own_templates(services), services.renderer),
    )


def _own_templates(services: Services) -> "OwnTemplates":
    """The user's chat templates; whoever follows events hears of each, and of who uses it."""
    from bodhi.aliases.templates import stems_with
    from bodhi.chat_templates.own_store import OwnTemplates
    from bodhi.chat_templates.sources import FILE_PREFIX

    def tell(name: str) -> None:
        declared = f"{FILE_PREFIX}{name}"
        services.bus.publish_ids(EventKind.TEMPLATE, [declared])
        services.bus.publish_ids(EventKind.ALIAS, stems_with(declared, services.store.view))

    return OwnTemplates(services.settings.home, on_change=tell)


def _know(services: Services, cores: int) -> "Know":
    """What is known of a name, for the bounds of parameters."""
    from bodhi.aliases.circumstances import circumstances_of

    unsupported = services.unsupported()

    async def know(name: str | None) -> "Circumstances":
        return circumstances_of(
            name,
            services.store,
            await services.models.recent(),
            cores=cores,
            unsupported=unsupported,
        )

    return know
