"""The tables as they lie beside the code; each is read when it is first asked for."""

import csv
import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
APART = re.compile(r"[\W_]+")
# Letters of two that Unicode does not decompose, and that French writes either way.
JOINED = str.maketrans({"œ": "oe", "æ": "ae"})


def rows_of(name: str) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a bundled table in the order of the file, each by its columns' names.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    raw = (FOLDER / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")
    yield from csv.DictReader(text.splitlines())


def folded(text: str) -> str:
    """Return ``text`` as one compares it: no case, accents or signs, one space between words.

    "Protection de l’Enfance" gives ``protection de l enfance``; nothing but signs gives "".
    """
    # letters of other alphabets may only fold once they are taken apart
    plain = unicodedata.normalize("NFKD", text.casefold().translate(JOINED)).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(APART.sub(" ", bare).split())


def head_folded(text: str) -> str:
    """Return the name of a column as one compares it: "DistrictPcode" gives ``district pcode``."""
    return folded(CAMEL.sub(" ", text))
