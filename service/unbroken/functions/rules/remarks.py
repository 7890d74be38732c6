"""Remarks in files that people fill in."""

from textwrap import wrap

WIDTH = 96


def comment(text: str, *, indent: int = 0) -> list[str]:
    """Return ``text`` as lines of comment in YAML, at most 96 signs wide; may be empty."""
    mark = " " * indent + "# "
    lines = wrap(" ".join(text.split()), WIDTH - len(mark), break_on_hyphens=False)
    return [mark + line for line in lines]
