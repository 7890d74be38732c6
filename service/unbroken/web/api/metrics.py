"""``/metrics``: how the service runs, in the words of Prometheus, for whoever watches it.

What the database tells is read at each scrape, so every process tells the same; of its own a
process tells its requests. Nothing says where, about whom or about which function.
"""

import platform
from collections.abc import Iterable, Iterator, Sequence

import structlog
from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from unbroken import __version__
from unbroken.gaps.queries.counting import open_by_severity
from unbroken.jobs import queries as jobs
from unbroken.outbox import queries as outbox
from unbroken.scans.health import Standing, standing, watchdog_calls
from unbroken.sources.queries.standing import answers_by_kind
from unbroken.web.dependencies import House, house_of
from unbroken.web.errors import problem_document
from unbroken.web.security import Open
from unbroken.web.watching import may_watch, not_for_strangers

router = APIRouter(dependencies=[Depends(Open())])
log = structlog.get_logger(__name__)
Values = Iterable[tuple[Sequence[str], float]]


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Return the measures as text; to this machine, or with the token, and to nobody else."""
    if not may_watch(request):
        return problem_document(request, not_for_strangers())
    house, shared = house_of(request), CollectorRegistry()
    shared.register(_Shared(house))
    return Response(
        generate_latest(shared) + generate_latest(house.measures.registry),
        media_type=CONTENT_TYPE_LATEST,
        headers={"cache-control": "no-store"},
    )


class _Shared(Collector):
    """What stands in the database at the moment of the scrape."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterable[Metric]:
        """Return all there is; where the database does not answer only that it does not."""
        kind = "sqlite" if self._house.sessions.is_sqlite else "postgresql"
        told = {"version": __version__, "python": platform.python_version(), "database": kind}
        yield _counted("unbroken_build_info", "What runs here.", [(list(told.values()), 1)], *told)
        try:
            with self._house.sessions.reading() as session:
                found = list(_of_database(session, self._house))
        except SQLAlchemyError as error:
            log.warning("database silent", action="database-silent", error=type(error).__name__)
            found = []
        yield _one("unbroken_database_up", "Whether the database answers.", 1 if found else 0)
        yield from found


def _of_database(session: Session, house: House) -> Iterator[Metric]:
    yield from _of_scans(standing(session, every=house.settings.scan_every()))
    yield from _of_outbox(outbox.standing(session))
    calls, answers = watchdog_calls(session), answers_by_kind(session).items()
    yield _total(
        "unbroken_watchdog_calls",
        "Calls of the outside watchdog, by how they ended.",
        [(["answered"], calls.answered), (["failed"], calls.failed)],
        "outcome",
    )
    yield _counted(
        "unbroken_sources",
        "Outside sources, by kind and how the last look at them ended.",
        [((kind, answer.value), count) for (kind, answer), count in answers],
        "kind",
        "outcome",
    )
    yield _counted(
        "unbroken_open_gaps",
        "Open gaps, by severity.",
        [([each.value], count) for each, count in open_by_severity(session).items()],
        "severity",
    )
    yield _counted(
        "unbroken_jobs",
        "Pieces of long work, by state.",
        [([state.value], count) for state, count in jobs.counts(session).items()],
        "state",
    )


def _of_scans(now: Standing) -> Iterator[Metric]:
    if now.tick_at is not None and now.finished_at is not None:
        yield _one(
            "unbroken_last_finished_tick_timestamp_seconds",
            "When the newest tick that was finished had been due.",
            now.tick_at.timestamp(),
        )
        yield _one(
            "unbroken_last_finished_timestamp_seconds",
            "When that tick was finished.",
            now.finished_at.timestamp(),
        )
    yield _one(
        "unbroken_tick_lag_seconds",
        "How long ago the first tick fell due that nobody has finished; 0 where there is none.",
        now.lag.total_seconds(),
    )
    # of several that nobody owns the oldest
    ages = {(each.kind, each.owner): each.age.total_seconds() for each in reversed(now.running)}
    yield _counted(
        "unbroken_running_scan_age_seconds",
        "How long each scan at work has been so, by its owner.",
        ages.items(),
        "kind",
        "owner",
    )
    yield _total(
        "unbroken_scans", "Scans that have ended, by how.", now.ended.items(), "kind", "outcome"
    )
    yield _total(
        "unbroken_skipped_ticks", "Ticks that no process was there for.", [((), now.passed_over)]
    )


def _of_outbox(now: outbox.Standing) -> Iterator[Metric]:
    yield _one("unbroken_outbox_waiting", "Messages due or being sent.", now.waiting)
    yield _one("unbroken_outbox_dead_letters", "Messages not to be tried again.", now.dead)
    yield _one(
        "unbroken_outbox_oldest_seconds",
        "How long the oldest message that is due has waited.",
        now.oldest.total_seconds(),
    )
    yield _counted(
        "unbroken_outbox_recent_messages",
        "Messages that fell due within the last day, by topic and how far they are.",
        [((topic, state.value), count) for (topic, state), count in now.recent.items()],
        "topic",
        "state",
    )


def _one(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _counted(name: str, text: str, values: Values, *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for told, value in sorted(values):
        family.add_metric(told, value)
    return family


def _total(name: str, text: str, values: Values, *labels: str) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=labels)
    for told, value in sorted(values):
        family.add_metric(told, value)
    return family
