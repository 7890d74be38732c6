"""Every page's dataclass and its template agree; words and drawings hold what they promise."""

from dataclasses import fields
from datetime import date

import pytest
from jinja2 import meta, nodes

from unbroken.functions.rules import Dimension
from unbroken.gaps.rules.words import GapState, Happening, Severity
from unbroken.jobs.models import JobState
from unbroken.kit.languages import load_languages
from unbroken.money.rules.answering import InterestAnswer, InterestState
from unbroken.people.rules import AccountState, Role
from unbroken.plans.models.plans import PlanState
from unbroken.plans.models.registers import BaselineState
from unbroken.plans.models.revisions import RevisionState
from unbroken.plans.rules.dates import Precision
from unbroken.sources.ports import Validation
from unbroken.transfers.rules.cover import Cover
from unbroken.transfers.rules.proposals import ProposalState
from unbroken.transfers.rules.words import CapacityState, ItemState, TransferKind, TransferState
from unbroken.web.app import PAGE_ROUTERS
from unbroken.web.filters import told, vague
from unbroken.web.rendering import TEMPLATES, Page, Renderer
from unbroken.web.static import FOLDER, read_static
from unbroken.web.timelines import Bar, Timeline
from unbroken.web.words import KINDS

LANGUAGES = load_languages()
RENDERER = Renderer(LANGUAGES, read_static())
ENVIRONMENT = RENDERER.environment("en")
NAMES = sorted(at.relative_to(TEMPLATES).as_posix() for at in TEMPLATES.rglob("*.html"))
ENUMS = {
    "account": AccountState,
    "baseline": BaselineState,
    "capacity": CapacityState,
    "cover": Cover,
    "dimension": Dimension,
    "gap": GapState,
    "happening": Happening,
    "interest": InterestState,
    "interest-answer": InterestAnswer,
    "item": ItemState,
    "job": JobState,
    "plan": PlanState,
    "precision": Precision,
    "proposal": ProposalState,
    "revision": RevisionState,
    "role": Role,
    "severity": Severity,
    "transfer": TransferState,
    "transfer-kind": TransferKind,
    "validation": Validation,
}


def _pages() -> list[type[Page]]:
    assert PAGE_ROUTERS  # the modules of all pages are loaded with the application
    # With slots a dataclass is made anew and its first form lingers: the last of a name counts.
    ours = {f"{each.__module__}.{each.__name__}": each for each in Page.__subclasses__()}
    return [ours[name] for name in sorted(ours) if name.startswith("unbroken.")]


def _own_names(template: nodes.Template) -> set[str]:
    """Return what a template names itself: imports, macros and assignments."""
    modules = {each.target for each in template.find_all(nodes.Import)}
    taken = [name for each in template.find_all(nodes.FromImport) for name in each.names]
    macros = {each.name for each in template.find_all(nodes.Macro)}
    assigned = {each.name for each in template.find_all(nodes.Name) if each.ctx == "store"}
    return modules | macros | assigned | {n if isinstance(n, str) else n[1] for n in taken}


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    assert ENVIRONMENT.get_template(name).name == name


@pytest.mark.parametrize("kind", _pages(), ids=lambda kind: kind.__name__)
def test_a_page_names_exactly_what_its_template_uses(kind: type[Page]) -> None:
    tree = ENVIRONMENT.parse((TEMPLATES / kind.template).read_text(encoding="utf-8"))
    used = meta.find_undeclared_variables(tree)
    known = set(ENVIRONMENT.globals) | {"frame"} | _own_names(tree)

    assert {each.name for each in fields(kind)} == used - known  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", _pages(), ids=lambda kind: kind.__name__)
def test_a_page_has_a_title(kind: type[Page]) -> None:
    source = (TEMPLATES / kind.template).read_text(encoding="utf-8")

    assert "{% block title %}" in source


def test_no_template_holds_a_style_or_a_script() -> None:
    texts = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in NAMES}
    signs = (" style=", "<style", " onclick=", "javascript:")

    assert [name for name, text in texts.items() if any(sign in text for sign in signs)] == []


@pytest.mark.parametrize("kind", ENUMS)
def test_every_state_has_its_word(kind: str) -> None:
    assert {str(member.value) for member in ENUMS[kind]} - set(KINDS[kind]) == set()


def test_states_of_one_tone_differ_in_label() -> None:
    for words in KINDS.values():
        labels = [word.label for word in words.values()]

        assert sorted(set(labels)) == sorted(labels)


def test_the_style_sheet_is_light_and_names_no_side() -> None:
    text = (FOLDER / "unbroken.css").read_text(encoding="utf-8")
    sides = (
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        " left",
        ": right",
        " right:",
    )

    assert len(text.encode()) < 25_000
    assert [side for side in sides if side in text] == []
    assert "@import" not in text


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("month", "December 2023"),
        ("year", ">2023<"),
        ("quarter", "quarter 4 of 2023"),
        ("about", "about <time"),
        ("unknown", "not stated"),
    ],
)
def test_a_vague_date_is_shown_as_vague_as_it_is(precision: str, shown: str) -> None:
    reader = LANGUAGES.translator("en")

    assert shown in vague(reader, date(2023, 12, 31), precision=precision)


@pytest.mark.own_messages
def test_facts_cannot_bring_markup_into_a_sentence() -> None:
    reader = LANGUAGES.translator("en")

    assert told(reader, "No {what} <here>.", {"what": "<b>"}) == (
        "No <bdi>&lt;b&gt;</bdi> &lt;here&gt;."
    )


def test_a_bar_lies_where_its_days_are_and_is_mirrored_for_arabic() -> None:
    line = Timeline("x", (), date(2023, 1, 1), date(2023, 12, 31))
    bar = Bar("x", date(2023, 1, 1), date(2023, 1, 31))

    assert (0.0, 8.49) == (line.start(bar), line.width(bar))
    assert line.start(bar, mirrored=True) == 91.51


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2023, 1, 1), date(2023, 1, 9)),
        (date(2023, 1, 15), date(2024, 6, 30)),
        (date(1, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_line_never_has_more_than_six_dates(starts_on: date, ends_on: date) -> None:
    line = Timeline("x", (), starts_on, ends_on)

    assert len(line.ticks()) <= 6
