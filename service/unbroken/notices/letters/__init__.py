"""Letters: what each kind of waiting message says by mail, in its reader's language."""

from unbroken.money.rules import answering, watching
from unbroken.notices.commands import digesting
from unbroken.notices.letters.digest import write_digest
from unbroken.notices.letters.interests import write_interest
from unbroken.notices.letters.offers import write_offer
from unbroken.notices.letters.passwords import write_reset
from unbroken.notices.letters.trials import TRIAL_TOPIC, write_trial
from unbroken.notices.letters.watches import write_watch
from unbroken.notices.writing import Writers
from unbroken.people.commands.resets import RESET_TOPIC
from unbroken.transfers.rules import letters

WRITERS: Writers = {
    digesting.TOPIC: write_digest,
    letters.TOPIC: write_offer,
    answering.TOPIC: write_interest,
    watching.TOPIC: write_watch,
    RESET_TOPIC: write_reset,
    TRIAL_TOPIC: write_trial,
}
