"""The cyclic collector: paused while very many objects are made, and told what stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def settle() -> None:
    """Tell the collector that what is there now stays: it need not walk it again and again.

    For a server that has just been built. Without it the routes and shapes of an application are
    walked with every few hundred requests, which takes longer than a small answer itself.
    """
    gc.collect()
    gc.freeze()


@contextmanager
def collecting_later() -> Iterator[None]:
    """Pause Python's cyclic collector; it would walk all that was made again and again.

    For work of seconds over tables of a hundred thousand rows, where that is a third of the time.
    Reference counting goes on. Nested use, or use in two threads at once, is harmless: the first to
    leave lets it collect again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
