"""Names as they are compared: without case, blanks, accents, apostrophes, hyphens and titles."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pencilin.rules.matching.romanise import romanised

LONGEST_NAME: Final = 200

_TITLES: Final = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "mister", "master", "dr", "doctor", "prof", "professor", "ing", "dipl"}
    | {"sir", "dame", "lady", "lord", "rev", "reverend", "herr", "hr", "frau", "fr", "mag", "г-н", "г-жа"}
    | {"monsieur", "madame", "mademoiselle", "mme", "mlle", "sr", "sra", "srta", "senor", "senora", "señor"}
    | {"señora", "don", "doña", "dona", "sig", "signor", "signora", "dott", "dottssa"}
)
_GENERATIONS: Final = {
    "jr": "jr", "jnr": "jr", "junior": "jr", "sr": "sr", "snr": "sr", "senior": "sr",
    "ii": "2", "2nd": "2", "iii": "3", "3rd": "3", "iv": "4", "4th": "4",
}  # fmt: skip
_DEGREES: Final = frozenset({"md", "phd", "esq", "dds", "rn", "msc", "bsc", "mba"})

_LETTERS: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t",
     "ŀ": "l", "ŋ": "ng", "ə": "e", "ƒ": "f"}
)  # fmt: skip
_EXPANDED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_APOSTROPHES: Final = frozenset("'`´’‘ʼʻ′＇ʹ׳״\"“”")
# What stands where nobody knew a name. Words that are also names (Null, Test, Na) are left alone.
_UNKNOWN: Final = frozenset(
    {"unknown", "anonymous", "nobody", "noname", "no name", "not known", "not given", "n a", "tba", "tbc", "xx", "xxx"}
    | {"baby", "baby boy", "baby girl", "baby of", "newborn", "infant", "twin a", "twin b"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A first or last name, ready to compare.

    ``parts`` are its words, ``latin`` the same with Cyrillic and Greek romanised, ``joined`` the parts
    without blanks, ``expanded`` that with German and Nordic letters written out (*mueller* for *Müller*),
    ``generation`` the *Jr* or *Sr* that was set apart.
    """

    parts: tuple[str, ...]
    latin: tuple[str, ...]
    joined: str
    expanded: str
    generation: str | None

    @property
    def missing(self) -> bool:
        return not self.parts


def normal_name(text: str) -> str:
    """A name in the form in which names are compared: lower case, plain letters, single blanks.

    Letters of every script stay; only the accents of Latin, Greek, Cyrillic, Hebrew and Arabic go (in other
    scripts such marks are vowels or other consonants).
    """
    return " ".join(read_name(text).parts)


@lru_cache(maxsize=65_536)
def read_name(text: str) -> Name:
    """Reads one name field. Never raises; a text without a letter gives a missing name."""
    words = _words(text)
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _DEGREES:
        words = words[:-1]
    generation = None
    if len(words) > 1 and words[-1] in _GENERATIONS:
        generation = _GENERATIONS[words[-1]]
        words = words[:-1]
    if " ".join(words) in _UNKNOWN:
        words = []
    parts = tuple(plain for word in words if (plain := _plain(word)))
    return Name(
        parts=parts,
        latin=tuple(romanised(part) or part for part in parts),
        joined="".join(parts),
        expanded="".join(_plain(word.translate(_EXPANDED)) for word in words),
        generation=generation,
    )


def _words(text: str) -> list[str]:
    """The words of a name, lower case, composed, with their accents still on."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text.strip()[:LONGEST_NAME]).casefold())
    kept = (_kept(character) for character in composed)
    return re.sub(r"(?<=\w)(?<!\d)[.](?=\w[.])", "", "".join(kept)).replace(".", " ").split()


def _kept(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    if character == ".":
        return "."
    category = unicodedata.category(character)
    if category[0] in "LM" or category == "Nd":
        return character
    return "" if category == "Cf" else " "


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    bare = "".join(c for c in decomposed if not _is_accent(ord(c)))
    return unicodedata.normalize("NFC", bare)


def _is_accent(code: int) -> bool:
    return (
        0x0300 <= code <= 0x036F  # Latin, Greek, Cyrillic
        or 0x0591 <= code <= 0x05C7  # Hebrew points
        or 0x064B <= code <= 0x065F  # Arabic vowel signs
        or code in (0x0640, 0x0670)
    )
