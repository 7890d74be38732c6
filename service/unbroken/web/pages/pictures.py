"""The two pictures of a plan, made out of what was read: covered where, and when what ends."""

from collections.abc import Iterable
from datetime import date, timedelta

from unbroken.gaps.queries import Coverage, CoverageCell, CoverageRow
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import AreaView, PlanView
from unbroken.plans.rules import Phase, RevisionContent
from unbroken.web.catalogue_texts import CatalogueTexts
from unbroken.web.heat_maps import Cell, HeatMap, Row
from unbroken.web.timelines import Bar, Mark, Timeline, Track

MARGIN = timedelta(days=14)
PHASE_TONES = {"operations": "info", "transfer": "good", "withdrawal": "warn"}


def heat_map(found: Coverage, plan: PlanView, *, texts: CatalogueTexts) -> HeatMap | None:
    """Return functions by areas, ``None`` where nothing is dated yet; ``texts`` are titles."""
    if not found.rows:
        return None
    return HeatMap(
        caption=texts.reader.gettext(_("What is covered where")),
        columns=tuple(area.name for area in found.areas),
        rows=tuple(_row(row, plan, texts) for row in found.rows),
    )


def _row(row: CoverageRow, plan: PlanView, texts: CatalogueTexts) -> Row:
    return Row(
        code=row.code,
        title=texts.quietly(row.title),
        tier=row.tier,
        cells=tuple(None if cell is None else _cell(cell) for cell in row.cells),
        path=f"/plans/{plan.slug}/transfers?function={row.code}",
    )


def _cell(cell: CoverageCell) -> Cell:
    return Cell("hidden" if cell.is_hidden else cell.cover.value)


def line_of_time(
    plan: PlanView,
    areas: Iterable[AreaView],
    content: RevisionContent | None,
    *,
    today: date,
    reader: Translator,
) -> Timeline:
    """Return phases, ends and closings on one line, from the decision to the last of them."""
    tracks = [_mandate(plan, reader)]
    tracks += [_phase(each) for each in (content.phases if content else ())]
    tracks += [track for area in areas if (track := _closing(area, reader)) is not None]
    days = [day for track in tracks for day in _days(track)]
    return Timeline(
        caption=reader.gettext(_("Line of time")),
        tracks=tuple(tracks),
        starts_on=min(days) - MARGIN,
        ends_on=max(days) + MARGIN,
        today=today,
    )


def _mandate(plan: PlanView, reader: Translator) -> Track:
    say = reader.gettext
    bars = [Bar(say(_("Mandate")), plan.triggered_on, plan.mandate_ends_on)]
    if plan.transfer_ends_on is not None and plan.transfer_ends_on > plan.mandate_ends_on:
        after = plan.mandate_ends_on + timedelta(days=1)
        bars.append(Bar(say(_("Transfer of tasks")), after, plan.transfer_ends_on, tone="warn"))
    return Track(
        say(_("Mandate")),
        bars=tuple(bars),
        marks=(Mark(say(_("Decision")), plan.triggered_on, tone="bad"),),
    )


def _phase(phase: Phase) -> Track:
    tone = PHASE_TONES.get(phase.kind.value, "quiet")
    bar = Bar(phase.name, phase.starts_on, phase.ends_on, tone=tone)
    return Track(phase.name, bars=(bar,))


def _closing(area: AreaView, reader: Translator) -> Track | None:
    closing = area.closing
    if closing is None or closing.earliest_on is None or closing.latest_on is None:
        return None
    reported = closing.kind.value == "reported"
    word = reader.gettext(_("Closed") if reported else _("Closing planned"))
    if closing.earliest_on == closing.latest_on:
        tone = "bad" if reported else "warn"
        return Track(area.name, marks=(Mark(word, closing.latest_on, tone=tone),))
    bar = Bar(word, closing.earliest_on, closing.latest_on, tone="warn", vague=True)
    return Track(area.name, bars=(bar,))


def _days(track: Track) -> list[date]:
    bars = [day for bar in track.bars for day in (bar.starts_on, bar.ends_on)]
    return bars + [mark.on for mark in track.marks]
