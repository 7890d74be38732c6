"""The demonstration: real transitions as histories of acts, played by the ordinary commands."""

from unbroken.demo.access import sign_in_links, tokens
from unbroken.demo.histories import acts_of
from unbroken.demo.outside import KIND, load_figures
from unbroken.demo.play import Played, history, move_to, play

__all__ = [
    "KIND",
    "Played",
    "acts_of",
    "history",
    "load_figures",
    "move_to",
    "play",
    "sign_in_links",
    "tokens",
]
