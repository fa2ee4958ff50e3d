"""Last names: the same, a part of a double name, a slip, or different."""

from enum import Enum
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from pencilin.rules.matching.names import Name

# Small words that two double names may share without being related.
_PARTICLES: Final = frozenset(
    {"de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "les", "las", "los", "y", "e", "i"}
    | {"van", "von", "der", "den", "ter", "ten", "te", "zu", "and", "bin", "ibn", "ben", "al", "el", "abu"}
    | {"mac", "mc", "o", "san", "saint", "st"}
)


class Last(Enum):
    """What two last names say about each other."""

    SAME = "same"
    PART = "part"  # one is a part of the other's double name
    SLIP = "slip"
    DIFFERENT = "different"
    MISSING = "missing"


def compare_last(typed: Name, filed: Name) -> Last:
    """Compares two last names; see :class:`Last`."""
    if typed.missing or filed.missing:
        return Last.MISSING
    if typed.joined == filed.joined or typed.expanded == filed.joined or typed.joined == filed.expanded:
        return Last.SAME
    return _compare_parts(typed.latin, filed.latin)


@lru_cache(maxsize=65_536)
def _compare_parts(typed: tuple[str, ...], filed: tuple[str, ...]) -> Last:
    one, other = "".join(typed), "".join(filed)
    if one == other or sorted(typed) == sorted(filed):
        return Last.SAME
    if _is_slip(one, other):
        return Last.SLIP
    mine, theirs = _telling(typed), _telling(filed)
    if mine and theirs and (len(typed) > 1 or len(filed) > 1):
        if mine <= theirs or theirs <= mine:
            return Last.PART
        if len(mine) != len(theirs):
            few, many = sorted((mine, theirs), key=len)
            if all(any(_is_slip(a, b) for b in many) for a in few):
                return Last.PART
    return Last.DIFFERENT


def _telling(parts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(part for part in parts if part not in _PARTICLES and len(part) > 1)


def _is_slip(one: str, other: str) -> bool:
    """Up to two letters in five may be off: with all else agreeing, more is rarely another family."""
    shortest = min(len(one), len(other))
    if shortest < 3:
        return False
    allowed = min(3, max(1, shortest * 2 // 5))
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed
