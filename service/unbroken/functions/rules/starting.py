"""Starting files: every field with its guidance above it, to be filled in."""

from collections.abc import Iterator, Mapping

from unbroken.functions.rules.remarks import comment
from unbroken.functions.rules.words import GROUPS, Dimension

Guidance = Mapping[str, str]
"""What to write in each field, by its place: ``title``, ``lead.target_months``, ``item.text``."""


def starting_file(code: str, *, title: str, guidance: Guidance) -> str:
    """Return a checklist file of ``code`` with guidance for every field and empty values.

    Checking it names what is still missing.
    """
    group = next(group for group, codes in GROUPS.items() if code in codes)
    known = {"code": code, "title": _quoted(title), "group": group}
    plain = ("code", "title", "for_children", "group", "tier", "level", "restricted")
    lines = [
        *comment(f"{code}: fill in every field; `unbroken checklist check` names what is missing."),
        *(line for key in plain for line in _field(key, guidance, value=known.get(key, ""))),
        *_optional("applies_when", guidance, example="[mrm-active]"),
        *_list("moves", guidance),
        *_list("receivers", guidance),
        *_field("elements", guidance, value="[]"),
        *comment(guidance["lead"]),
        "lead:",
        *_field("target_months", guidance, at="lead.", indent=2),
        *_field("minimum_months", guidance, at="lead.", indent=2),
        *_dependencies(guidance),
        *_capacities(guidance),
        *comment(guidance["items"]),
        "items:",
        *_item(f"{code}-01", guidance),
        *_optional("failure_seen", guidance, example='""'),
        *_field("source", guidance, value='""'),
    ]
    return "\n".join(lines) + "\n"


def starting_layer_file(code: str, *, guidance: Guidance) -> str:
    """Return a layer file that adds items to ``code``, with guidance and empty values."""
    lines = [
        *comment(f"Items that one organisation adds to {code}; what the edition says stays."),
        f"code: {code}",
        *comment("Short name of the organisation: small letters, digits and single hyphens."),
        'organisation: ""',
        *comment(f"Ids are the organisation's letters, {code} and two digits: ORG-{code}-01."),
        "items:",
        *_item(f"ORG-{code}-01", guidance),
    ]
    return "\n".join(lines) + "\n"


def _item(item_id: str, guidance: Guidance) -> Iterator[str]:
    yield from comment(guidance["item.id"], indent=2)
    yield f"  - id: {item_id}"
    for key in ("capacity", "milestone", "offset", "text", "evidence", "source"):
        yield from _field(key, guidance, at="item.", indent=4)
    yield from _optional("elements", guidance, at="item.", indent=4, example="[M]")


def _dependencies(guidance: Guidance) -> Iterator[str]:
    yield from comment(guidance["depends_on"])
    yield "# depends_on:"
    for number, key in enumerate(("function", "step", "before", "why", "source")):
        yield from (f"#     {line}" for line in comment(guidance[f"dependency.{key}"]))
        yield f"#   {'- ' if number == 0 else '  '}{key}:"


def _capacities(guidance: Guidance) -> Iterator[str]:
    yield from comment(guidance["capacities"])
    yield "capacities:"
    yield from comment(f"Dimensions: {', '.join(Dimension)}.", indent=2)
    yield from comment(f"unit: {guidance['capacity.unit']}", indent=2)
    yield "  posts: {unit: post}"
    yield from comment(f"parts: {guidance['capacity.parts']}", indent=2)
    yield from comment(f"key: {guidance['part.key']}", indent=2)
    yield '  # agreements: {parts: [{key: protocol, title: ""}]}'


def _field(
    key: str, guidance: Guidance, *, at: str = "", value: str = "", indent: int = 0
) -> Iterator[str]:
    yield from comment(guidance[f"{at}{key}"], indent=indent)
    yield f"{' ' * indent}{key}: {value}".rstrip()


def _optional(
    key: str, guidance: Guidance, *, example: str, at: str = "", indent: int = 0
) -> Iterator[str]:
    yield from comment(f"May be left out: {guidance[f'{at}{key}']}", indent=indent)
    yield f"{' ' * indent}# {key}: {example}"


def _list(key: str, guidance: Guidance) -> Iterator[str]:
    yield from comment(guidance[key])
    yield f"{key}:"
    yield '  - ""'


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
