"""The cyclic collector, paused while very many objects are made that hold no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
