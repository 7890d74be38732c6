"""The demonstration: real transitions as histories of acts, played by the ordinary commands."""

from unbroken.demo.access import sign_in_links, tokens
from unbroken.demo.histories import acts_of
from unbroken.demo.play import Played, history, move_to, play

__all__ = ["Played", "acts_of", "history", "move_to", "play", "sign_in_links", "tokens"]
