"""What changes the trail: recording acts and erasing values."""

from unbroken.trail.commands.erasing import ask_erasure, grant_erasure
from unbroken.trail.commands.recording import Act, Recorder, open_trail
from unbroken.trail.rules import Author

__all__ = ["Act", "Author", "Recorder", "ask_erasure", "grant_erasure", "open_trail"]
