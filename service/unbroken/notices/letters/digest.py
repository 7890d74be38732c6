"""The letter of a period: how much is new, the worst by number and link, the rest counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unbroken.gaps.rules.words import Severity
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Sentence, counted
from unbroken.notices.letters.mailing import PARAGRAPH, enveloped, is_reachable, numbered
from unbroken.notices.ports import Envelope
from unbroken.notices.rules.words import News
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed
from unbroken.transfers.rules.letters import Mail

GAPS_PATH, WISHES_PATH = "/gaps", "/me/notices"
SUBJECT = _("Unbroken: {what}")
BY_SEVERITY: Mapping[Severity, str] = {
    Severity.CRITICAL: _("Critical gaps"),
    Severity.HIGH: _("Gaps of high severity"),
    Severity.MEDIUM: _("Gaps of medium severity"),
    Severity.LOW: _("Gaps of low severity"),
}
BY_KIND: Mapping[News, str] = {
    News.GAP_ASSIGNED: _("Gaps given to you"),
    News.OFFERED: _("Offers made or taken back"),
    News.ANSWERED: _("Answers to offers"),
    News.DISPUTED: _("Disputes"),
    News.REVISED: _("Plans with a new revision in force"),
}
ALL_GAPS = _("All that is open: {link}")
WHY = _("You get this letter because of your role here. Change when and of what it tells: {link}")


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that a letter names: under which heading, its number, its path."""

    heading: str
    number: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a digest says; ``count`` and ``critical`` are of things, ``still_open`` of all gaps."""

    count: int
    critical: int
    rest: int
    still_open: int
    named: Sequence[Named]


def told_of(body: Mapping[str, object]) -> Told:
    """Return what a waiting digest says, out of its plain values."""
    lines, severities = body["lines"], body["by_severity"]
    critical = severities.get(Severity.CRITICAL.value, 0) if isinstance(severities, dict) else 0
    return Told(
        count=_whole(body["count"]),
        critical=_whole(critical),
        rest=_whole(body["rest"]),
        still_open=_whole(body["open"]),
        named=[_named(each) for each in lines] if isinstance(lines, list) else [],
    )


def digest_mail(told: Told, *, site: str, reader: Translator) -> Mail:
    """Return a digest as its reader gets it; the same facts give the same letter."""
    parts = [reader.gettext(_new(told.count, reader))]
    parts += [_section(heading, told, site, reader) for heading in _headings(told)]
    if told.rest:
        parts.append(f"{reader.gettext(_rest(told.rest, reader))} {site}{GAPS_PATH}")
    everything = reader.render(ALL_GAPS, {"link": f"{site}{GAPS_PATH}"})
    parts.append(f"{reader.gettext(_open(told.still_open, reader))} {everything}")
    parts.append(reader.render(WHY, {"link": f"{site}{WISHES_PATH}"}))
    subject = reader.render(SUBJECT, {"what": reader.listing(_subject(told, reader))})
    return Mail(subject, PARAGRAPH.join(parts) + "\n")


def write_digest(desk: Desk, message: Claimed) -> Envelope | None:
    """Return the envelope of a digest; ``None`` where its account was closed."""
    if not is_reachable(desk, message):
        return None
    told, reader = told_of(message.body), desk.reader(message)
    mail = digest_mail(told, site=desk.site, reader=reader)
    lines = tuple((desk.link(each.path), each.number) for each in told.named)
    return enveloped(desk, message, mail, lines=lines, settings_path=WISHES_PATH)


def _new(count: int, reader: Translator) -> Sentence:
    return counted(
        "{count} thing is new for you.",
        "{count} things are new for you.",
        count,
        count=reader.number(count),
    )


def _rest(count: int, reader: Translator) -> Sentence:
    return counted(
        "{count} more thing is new.",
        "{count} more things are new.",
        count,
        count=reader.number(count),
    )


def _open(count: int, reader: Translator) -> Sentence:
    return counted(
        "{count} gap is open in what you see.",
        "{count} gaps are open in what you see.",
        count,
        count=reader.number(count),
    )


def _subject(told: Told, reader: Translator) -> list[Sentence]:
    new, bad = reader.number(told.count), reader.number(told.critical)
    parts = [counted("{count} new thing", "{count} new things", told.count, count=new)]
    if told.critical:
        critical = counted(
            "{count} critical gap", "{count} critical gaps", told.critical, count=bad
        )
        parts.insert(0, critical)
    return parts


def _headings(told: Told) -> list[str]:
    return list(dict.fromkeys(each.heading for each in told.named))


def _section(heading: str, told: Told, site: str, reader: Translator) -> str:
    named = [each for each in told.named if each.heading == heading]
    lines = [numbered(each.number, f"{site}{each.path}") for each in named]
    return "\n".join([reader.gettext(heading), *lines])


def _named(line: Mapping[str, object]) -> Named:
    kind, severity = News(str(line["kind"])), line["severity"]
    by_kind = kind in BY_KIND or severity is None
    heading = BY_KIND[kind] if by_kind else BY_SEVERITY[Severity(str(severity))]
    return Named(heading, str(line["number"]), str(line["path"]))


def _whole(value: object) -> int:
    return int(str(value))
