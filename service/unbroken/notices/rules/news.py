"""Which happenings and acts are told at all; pure."""

from collections.abc import Mapping

from unbroken.gaps.rules.words import Happening
from unbroken.notices.rules.words import News

HAPPENED: Mapping[Happening, News] = {
    Happening.OPENED: News.GAP_OPENED,
    Happening.REOPENED: News.GAP_REOPENED,
    Happening.WORSENED: News.GAP_WORSENED,
    Happening.ASSIGNED: News.GAP_ASSIGNED,
}
TOLD_TO_ALL = frozenset({News.GAP_OPENED, News.GAP_REOPENED, News.GAP_WORSENED})
"""What counts where a gap must not be told of too often: the others are told to few."""

ACTS: Mapping[str, News] = {
    "transfers:capacity:offered": News.OFFERED,
    "transfers:capacity:withdrawn": News.OFFERED,
    "transfers:capacity:recommended": News.ANSWERED,
    "transfers:capacity:confirmed": News.ANSWERED,
    "transfers:capacity:confirmed-in-part": News.ANSWERED,
    "transfers:capacity:confirmed-on-condition": News.ANSWERED,
    "transfers:capacity:declined": News.ANSWERED,
    "transfers:capacity:time-asked": News.ANSWERED,
    "transfers:capacity:attested": News.ANSWERED,
    "transfers:capacity:countersigned": News.ANSWERED,
    "transfers:capacity:countersignature-refused": News.ANSWERED,
    "transfers:capacity:received-without-offer": News.ANSWERED,
    "transfers:capacity:disputed": News.DISPUTED,
    "transfers:capacity:resolved": News.DISPUTED,
    "plans:revision:brought-into-force": News.REVISED,
}
