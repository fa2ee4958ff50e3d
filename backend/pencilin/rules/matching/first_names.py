"""First names: whether two of them are one person's, by hand-made and public tables and by edit distance."""

from collections import defaultdict
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files
from string import ascii_lowercase
from typing import Final

from rapidfuzz.distance import OSA

from pencilin.rules.matching.names import Name

SHORTEST_SLIP: Final = 4  # three letters are too few to tell a slip from a name
LONG_NAME: Final = 6


class First(Enum):
    """What two first names say about each other."""

    SAME = "same"
    SPELLING = "spelling"  # one name in two spellings or transliterations
    SHORT = "short"  # one is short for the other
    LONGER = "longer"  # one has further first names
    CLEAR_SLIP = "clear_slip"  # a slip of the pen that can have meant no other name
    SLIP = "slip"  # a slip of the pen; only one of the two is a name that people bear
    INITIAL = "initial"
    SIMILAR = "similar"  # alike, yet both are names, or neither is known
    DIFFERENT = "different"
    MISSING = "missing"


_ENDINGS: Final = frozenset({"", "a", "ah", "e", "ee", "eh", "i", "ia", "ie", "o", "u", "y"})
_ALIKE: Final = (First.SAME, First.SPELLING)
_SETTLED: Final = (First.SAME, First.SPELLING, First.SHORT, First.CLEAR_SLIP, First.SLIP)

# Which double names begin with these says nothing yet: María Luisa and María José are sisters.
_OPENERS: Final = frozenset(
    {"maria", "marie", "mary", "ana", "anna", "anne", "jean", "juan", "jose", "abdul", "abd", "abu"}
    | {"mohammed", "muhammad", "mohamed", "mohammad"}
)


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def real_first_names() -> frozenset[str]:
    """The names of ``first_names.txt`` and of the tables of short forms and spellings."""
    listed = {word for line in _lines("first_names.txt") for word in line.split()}
    for formals, shorts in _short_form_lines():
        listed.update(formals, shorts)
    return frozenset(listed.union(*_spellings().values()))


@cache
def _spellings() -> dict[str, frozenset[str]]:
    """Each name with all spellings of it; a name may stand on several lines."""
    together: defaultdict[str, set[str]] = defaultdict(set)
    for line in _lines("spellings.txt"):
        names = line.split()
        for name in names:
            together[name].update(names)
    return {name: frozenset(others) for name, others in together.items()}


def _short_form_lines() -> list[tuple[list[str], list[str]]]:
    lines = []
    for line in _lines("short_forms.txt"):
        formals, _, shorts = line.partition(":")
        lines.append((formals.split(), shorts.split()))
    return lines


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    """Each short form with the formal names that it stands for."""
    formal_of: defaultdict[str, set[str]] = defaultdict(set)
    for formals, shorts in _short_form_lines():
        for short in shorts:
            formal_of[short].update(formals)
    return {short: frozenset(formals) for short, formals in formal_of.items()}


def formal_names(name: str) -> frozenset[str]:
    """The formal names that ``name`` (in comparison form) may be short for; often none."""
    return _short_forms().get(name, frozenset())


def spellings_of(name: str) -> frozenset[str]:
    """The other spellings of ``name`` (in comparison form), itself included."""
    return _spellings().get(name, frozenset((name,)))


def compare_first(typed: Name, filed: Name) -> First:
    """Compares two first names; see :class:`First`."""
    if typed.missing or filed.missing:
        return First.MISSING
    if typed.joined == filed.joined or typed.expanded == filed.joined or typed.joined == filed.expanded:
        return First.SAME
    found = _compare_parts(typed.latin, filed.latin)
    return First.SPELLING if found is First.SAME else found


@lru_cache(maxsize=65_536)
def _compare_parts(typed: tuple[str, ...], filed: tuple[str, ...]) -> First:
    whole = _compare_words("".join(typed), "".join(filed))
    if len(typed) == len(filed) == 1 or whole in _SETTLED:
        return whole
    shorter, longer = sorted((typed, filed), key=len)
    leading = [_compare_words(a, b) for a, b in zip(shorter, longer, strict=False)]
    if leading[0] is First.SHORT and len(shorter) == 1:
        return First.LONGER
    if len(shorter) == len(longer) and all(found in _ALIKE for found in leading):
        return First.SPELLING
    if leading[0] in _ALIKE and all(found in (*_ALIKE, First.INITIAL) for found in leading[1:]):
        return First.SIMILAR if len(shorter) == 1 and shorter[0] in _OPENERS else First.LONGER
    if len(shorter) == len(longer) and all(found in _SETTLED for found in leading):
        return First.SLIP
    if leading[0] is not First.DIFFERENT or shorter[0] in longer:
        return First.SIMILAR
    return whole


@lru_cache(maxsize=65_536)
def _compare_words(typed: str, filed: str) -> First:
    if typed == filed:
        return First.SAME
    if filed in spellings_of(typed):
        return First.SPELLING
    if is_short_for(typed, filed) or is_short_for(filed, typed) or _alike_short_forms(typed, filed):
        return First.SHORT
    if len(typed) == 1 or len(filed) == 1:
        return First.INITIAL if typed[0] == filed[0] else First.DIFFERENT
    return _by_distance(typed, filed)


def is_short_for(short: str, name: str) -> bool:
    """Whether the first is a short form of the second, both in comparison form."""
    formals = formal_names(short)
    return name in formals or any(formal in formals for formal in spellings_of(name))


def _alike_short_forms(one: str, other: str) -> bool:
    """Bill and Billy: short for the same name, and begin alike."""
    return _bare(one) == _bare(other) and not formal_names(one).isdisjoint(formal_names(other))


def _bare(short: str) -> str:
    for ending in ("ie", "ey", "y", "i", "e"):
        if short.endswith(ending) and len(short) > len(ending) + 1:
            short = short.removesuffix(ending)
            break
    return short[:-1] if len(short) > 2 and short[-1] == short[-2] else short


def _by_distance(typed: str, filed: str) -> First:
    """One letter more, less, other, or two neighbours turned round: a slip, if only one of the two is a name.

    The first letter stays: people rarely miss it, and names that rhyme (Jayden, Hayden) are brothers' and sisters'.
    """
    distance = OSA.distance(typed, filed, score_cutoff=2)
    if min(len(typed), len(filed)) < SHORTEST_SLIP or distance > 2:
        return First.DIFFERENT
    real = real_first_names()
    both_or_neither = (typed in real) == (filed in real)
    other_start = typed[0] != filed[0] and typed[1::-1] != filed[:2]
    if distance == 2 or both_or_neither or other_start or _other_ending(typed, filed):
        return First.SIMILAR if distance == 1 or min(len(typed), len(filed)) >= LONG_NAME else First.DIFFERENT
    slipped, name = (typed, filed) if filed in real else (filed, typed)
    clear = len(slipped) >= LONG_NAME and _names_one_letter_from(slipped) == {name}
    return First.CLEAR_SLIP if clear else First.SLIP


def _other_ending(one: str, other: str) -> bool:
    """Daniel and Daniele, Noa and Noah: other endings make other names, known or not."""
    stem = one[: next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)]
    stem = stem[: len(other)].rstrip("aeiouyh")
    return {one.removeprefix(stem), other.removeprefix(stem)} <= _ENDINGS


@lru_cache(maxsize=16_384)
def _names_one_letter_from(slipped: str) -> frozenset[str]:
    """The real names that one letter more, less, other, or two neighbours turned round make of ``slipped``."""
    halves = [(slipped[:place], slipped[place:]) for place in range(len(slipped) + 1)]
    made = {head + tail[1:] for head, tail in halves if tail}
    made.update(head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1)
    for letter in ascii_lowercase:
        made.update(head + letter + tail for head, tail in halves)
        made.update(head + letter + tail[1:] for head, tail in halves if tail)
    return (real_first_names() & made) - {slipped}
