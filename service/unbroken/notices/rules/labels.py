"""Each kind of news in words."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _
from unbroken.notices.rules.words import News

NEWS_WORDS: Mapping[News, str] = {
    News.GAP_OPENED: _("Gap opened"),
    News.GAP_REOPENED: _("Gap opened again"),
    News.GAP_WORSENED: _("Gap worsened"),
    News.GAP_ESCALATED: _("Gap unanswered, told further up"),
    News.GAP_ASSIGNED: _("Gap assigned"),
    News.OFFERED: _("Offer made or withdrawn"),
    News.ANSWERED: _("Offer answered"),
    News.DISPUTED: _("Offer in dispute"),
    News.REVISED: _("New revision in force"),
}
