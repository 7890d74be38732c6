"""Brings a text into the form in which it is searched: no accents, no look-alikes, plain digits."""

import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts that look Latin; "Аmina" with a Cyrillic A is still a name.
LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕкгпԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρικτυ٬٫،؛’‘ʼ′`´º˚",
    "ABEKMHOPCTYXIJSaeopcyxijskrndqwABEZHIKMNOPTYXoavpiktu,.,;''''''°°",
)

BLANKS = re.compile(r"\t|  ")
MIXED = re.compile(r"\d[OolI]")


@dataclass(frozen=True, slots=True)
class Folded:
    """The searched form, and for each of its characters the index in the text it came from."""

    text: str
    places: tuple[int, ...]


def fold(text: str) -> Folded:
    """Return ``text`` in NFKD without marks, invisible characters and look-alikes; case stays.

    Runs of blanks become one, every dash a hyphen, every digit of any script one of 0 to 9.
    """
    if text.isascii() and not BLANKS.search(text):
        # what is folded already, as most texts are
        return Folded(_without_letters_in_numbers(text), tuple(range(len(text))))
    letters: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        for letter in _plain(character):
            if letter == " " and letters and letters[-1] == " ":
                continue
            letters.append(letter)
            places.append(index)
    return Folded(_without_letters_in_numbers("".join(letters)), tuple(places))


def _plain(character: str) -> str:
    if character.isascii():
        return " " if character in "\t " else character
    looked = unicodedata.normalize("NFKD", character.translate(LOOK_ALIKES))
    return "".join(_letter(letter) for letter in looked)


def _letter(letter: str) -> str:
    match unicodedata.category(letter):
        case "Nd":
            return str(unicodedata.digit(letter))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case "Mn" | "Cf" | "Me":
            return ""
        case _:
            return letter.translate(LOOK_ALIKES)


def _without_letters_in_numbers(text: str) -> str:
    # "7O 12 34 56": an O or l between digits is a digit; the length must stay for the places.
    if not MIXED.search(text):
        return text
    made = list(text)
    for index in range(1, len(made) - 1):
        if made[index] in "OolI" and made[index - 1].isdigit() and made[index + 1] in "0123456789 ":
            made[index] = "0" if made[index] in "Oo" else "1"
    return "".join(made)
