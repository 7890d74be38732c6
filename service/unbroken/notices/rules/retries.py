"""When what could not be sent is tried again; pure.

Source: Standard Webhooks 1.0, "Deliverability and reliability" (its table of retries); letters by
mail are tried for as long.
"""

from datetime import timedelta

RETRIES = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        5,
        5 * 60,
        30 * 60,
        2 * 60 * 60,
        5 * 60 * 60,
        10 * 60 * 60,
        14 * 60 * 60,
        20 * 60 * 60,
        24 * 60 * 60,
    )
)
SPREAD = 0.2
"""How much of a wait is left to chance: receivers that come back are not run over."""
LONGEST = timedelta(days=1)


def retry_in(attempts: int, *, chance: float, asked: timedelta = timedelta()) -> timedelta | None:
    """Return how long to wait after this many attempts; ``None``: never again.

    ``chance`` is from 0 (in) to 1 (out) and lengthens the wait by up to a fifth. ``asked`` is what
    the receiver asked for; it is never undercut, and never more than a day.
    """
    if attempts > len(RETRIES):
        return None
    wait = RETRIES[max(attempts, 1) - 1] * (1 + SPREAD * chance)
    return max(wait, min(asked, LONGEST))


WHOLE = sum(RETRIES, start=timedelta())
"""How long all tries take together, at least."""
