"""The words of channels, and why a message was not taken."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _

CHANNEL_LABELS: Mapping[str, Mapping[str, str]] = {
    "channel-kind": {
        "webhook": _("Webhook"),
        "teams": _("Microsoft Teams"),
        "slack": _("Slack"),
    },
}
TROUBLES: Mapping[str, str] = {
    "gone": _("The receiver wants nothing more (410)."),
    "no-address": _("The address leads nowhere, or where nothing may be sent."),
    "no-answer": _("Nobody answered."),
    "not-allowed": _("The receiver does not let this service in (401 or 403)."),
    "not-there": _("Nothing is there (404)."),
    "redirected": _("The receiver points elsewhere; nobody is followed."),
    "refused": _("The receiver refused it."),
    "told-to-wait": _("The receiver asked to wait."),
    "too-slow": _("The answer took too long."),
    "truncated": _("The line broke before an answer."),
    "no-secret": _("A secret is not set on the machine that sends."),
    "not-confirmed": _("The channel has not been confirmed."),
    "disabled": _("The channel is disabled."),
    "not-written": _("It could not be written: whoever runs this service finds why in its log."),
}
"""By code; one that is not here is shown as it is."""
