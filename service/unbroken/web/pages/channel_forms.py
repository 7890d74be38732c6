"""The questions of channels, and what was typed as an order."""

from uuid import UUID

from unbroken.gaps.rules.words import Severity
from unbroken.kit.languages import gettext as _
from unbroken.notices.commands.channels import EditChannel, RegisterChannel
from unbroken.notices.queries.channels import ChannelView
from unbroken.notices.rules.labels import NEWS_WORDS
from unbroken.notices.rules.words import ChannelKind, News
from unbroken.web.channel_words import CHANNEL_LABELS
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form
from unbroken.web.pages.sheets import Kind, Question, options
from unbroken.web.pages.typed import YES, Typed
from unbroken.web.rendering import LANGUAGE_NAMES
from unbroken.web.words import SEVERITY

NEWS_FIELD = "news-"
ADDRESS_HINT = _(
    "Webhook: an address that begins with https://. Teams and Slack: their address is itself the"
    " secret, so give the name of the variable that holds it, such as UNBROKEN_SECRET_ROOM; whoever"
    " runs this service sets it for every process."
)


def questions_of(visit: Visit, channel: ChannelView | None = None) -> tuple[Question, ...]:
    """Return what is asked of a new channel, or of one that is edited."""
    kinds = options(visit, CHANNEL_LABELS["channel-kind"])
    levels = options(visit, {key: word.label for key, word in SEVERITY.items()})
    asked = [
        Question(
            "name",
            _("Name of the room or program"),
            limit=80,
            value=channel.name if channel else "",
        ),
        Question(
            "address",
            _("Address"),
            Kind.CODE,
            hint=ADDRESS_HINT,
            value=channel.address if channel else "",
        ),
        Question(
            "language",
            _("Language"),
            Kind.SELECT,
            options=tuple(LANGUAGE_NAMES.items()),
            value=channel.language if channel else visit.reader.locale,
        ),
        Question(
            "least",
            _("Tell of gaps from this severity upwards"),
            Kind.SELECT,
            options=levels,
            value=channel.least.value if channel else Severity.LOW.value,
        ),
        Question("news", _("Kinds of news"), Kind.HEADING),
        *(Question(NEWS_FIELD + kind.value, NEWS_WORDS[kind], Kind.CHECK) for kind in News),
    ]
    if channel is None:
        first = Question("kind", _("Kind"), Kind.SELECT, options=kinds)
        return (first, *asked)
    return (*asked, Question("version", kind=Kind.HIDDEN, value=str(channel.version)))


def unfilled(channel: ChannelView | None = None) -> Form:
    """Return a form that nobody has filled in: each kind of news that is told is ticked."""
    ticked = News if channel is None else channel.news
    return Form({NEWS_FIELD + kind.value: YES for kind in ticked})


def registering(typed: Typed, plan: UUID | None) -> RegisterChannel:
    """Return the order to register what was typed.

    Raises:
        Invalid: a choice was not made.
    """
    order = RegisterChannel(
        plan=plan,
        kind=typed.choice("kind", ChannelKind),
        name=typed.text("name"),
        address=typed.text("address"),
        language=typed.text("language"),
        least=typed.choice("least", Severity),
        news=_kinds(typed),
    )
    typed.check()
    return order


def editing(typed: Typed, uid: UUID) -> EditChannel:
    """Return the order to change a channel as typed.

    Raises:
        Invalid: a choice was not made.
    """
    order = EditChannel(
        uid=uid,
        version_seen=typed.number("version"),
        name=typed.text("name"),
        address=typed.text("address"),
        language=typed.text("language"),
        least=typed.choice("least", Severity),
        news=_kinds(typed),
    )
    typed.check()
    return order


def _kinds(typed: Typed) -> tuple[News, ...]:
    return tuple(kind for kind in News if typed.is_checked(NEWS_FIELD + kind.value))
