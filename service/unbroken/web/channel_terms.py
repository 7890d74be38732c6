"""What channels are held against, for pages and API alike."""

from unbroken.kit.reaching import Bounds, Reach
from unbroken.notices.commands.channel_acts import ChannelTerms
from unbroken.web.dependencies import Visit


def terms_of(visit: Visit) -> ChannelTerms:
    """Return the secret that keys are derived from, and what looks at addresses."""
    settings = visit.house.settings
    reach = Reach(Bounds(private_hosts=settings.own_hosts()), resolve=visit.house.resolve)
    return ChannelTerms(signing_root=settings.secret_signing, check=reach.check)
