"""Which file is suggested and which are listed: weights order, rules decide."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pencilin.rules.matching.compare import Comparison, Contact, Generation, compare, read_phones
from pencilin.rules.matching.contacts import email_key, normal_email, phone_key
from pencilin.rules.matching.dates import Dates, generation_apart
from pencilin.rules.matching.evidence import points
from pencilin.rules.matching.first_names import First
from pencilin.rules.matching.keys import compared_keys, has_any_key
from pencilin.rules.matching.last_names import Last
from pencilin.rules.matching.people import Confidence, Filed, Match, Matches, Typed
from pencilin.rules.matching.weights import LISTED_FROM, weight

MOST_LISTED: Final = 10

_SAME_PERSONS_NAME: Final = (First.SAME, First.SPELLING, First.SHORT, First.LONGER)
_NO_COUNTS: Final[Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True)
class _Candidate:
    file: Filed
    comparison: Comparison
    weight: float
    caution: str | None


def match(typed: Typed, files: Iterable[Filed], shared: Mapping[str, int] = _NO_COUNTS) -> Matches:
    """Compares what was typed with client files and says which one it very likely is and which it may be.

    ``files`` are those that share a key with it (or all: the answer is the same). ``shared`` says, for the
    contact keys of what was typed, how many files of the practice hold each; what it leaves out is counted
    among ``files``. The order of ``files`` is of no consequence. Never raises for odd input.
    """
    wanted = compared_keys(typed)
    known = [file for file in {file.id: file for file in files}.values() if has_any_key(file, wanted)]
    counts = _counts(typed, known, shared)
    candidates = []
    for file in known:
        comparison = compare(typed, file, counts)
        found = weight(comparison)
        if comparison.agreeing or found >= LISTED_FROM:
            candidates.append(_Candidate(file, comparison, found, caution(typed, file, comparison)))
    candidates.sort(key=lambda c: (-c.weight, c.file.id))
    suggested = _suggested(candidates)
    listed = [c for c in candidates if c is not suggested][:MOST_LISTED]
    return Matches(
        suggestion=_match(typed, suggested, None) if suggested else None,
        possible=tuple(_match(typed, c, c.caution or _outdone(suggested)) for c in listed),
    )


def caution(typed: Typed, filed: Filed, found: Comparison) -> str | None:
    """Why this file must not be suggested, in words, or None when it may be."""
    return (
        _caution_by_name(found)
        or _caution_by_contact(found)
        or _caution_by_generation(found)
        or _caution_by_date(typed, filed, found)
    )


def _caution_by_name(found: Comparison) -> str | None:
    if found.first is First.MISSING:
        return "without a first name it could be anyone of the household"
    if found.first is First.DIFFERENT:
        return "another first name: a relative could type the same"
    if found.first is First.SIMILAR:
        return "two first names that are alike: a relative could type the same"
    if found.first is First.INITIAL:
        return "an initial fits relatives too"
    return None


def _caution_by_contact(found: Comparison) -> str | None:
    if found.agreeing:
        return None
    if Contact.GENERAL in (found.email, found.phone):
        return "the email or phone that agrees belongs to many"
    return "no email or phone agrees, and name and birth date are known to others"


def _caution_by_generation(found: Comparison) -> str | None:
    if found.generation is Generation.DIFFERENT:
        return "Jr and Sr are two people: a parent and a child can share the rest"
    if found.generation is Generation.ONE_SIDED and found.dates is not Dates.SAME:
        return "only one of the two bears Jr or Sr: a parent and a child can share the rest"
    return None


def _caution_by_date(typed: Typed, filed: Filed, found: Comparison) -> str | None:
    if found.dates is Dates.SAME:
        return None
    if found.dates is Dates.CONFLICT:
        return "another date of birth: a relative or namesake could type the same"
    if found.dates is Dates.PART:
        return "the dates of birth are too far apart for a slip"
    whole_name = found.first in (First.SAME, First.SPELLING) and found.last is Last.SAME
    if found.dates in (Dates.TURNED, Dates.DIGIT):
        return _caution_by_near_date(typed, filed, found, whole_name)
    if typed.booked_by is not None:
        return "no date of birth to compare, and email and phone are those of the person who booked"
    if found.first in (First.SAME, First.SPELLING) and found.last in (Last.SAME, Last.PART, Last.SLIP):
        return None
    if found.first is First.CLEAR_SLIP and found.last is Last.SAME and found.agreeing > 1:
        return None
    return "no date of birth to compare, and the names are not quite the same"


def _caution_by_near_date(typed: Typed, filed: Filed, found: Comparison, whole_name: bool) -> str | None:
    if typed.birth_date and filed.birth_date and generation_apart(typed.birth_date, filed.birth_date):
        return "the years of birth are a generation apart: a parent or child could type the same"
    differs = Contact.DIFFERENT in (found.email, found.phone)
    if not whole_name or differs or typed.booked_by is not None:
        return "the dates of birth differ, and not everything else agrees"
    return None


def _suggested(candidates: list[_Candidate]) -> _Candidate | None:
    """The one that fits better than every other that might be suggested; equals cancel each other."""
    able = [c for c in candidates if c.caution is None]
    best = next((c for c in able if all(other is c or _fits_better(c, other) for other in able)), None)
    if best is None or best.comparison.dates is Dates.SAME:
        return best
    return None if any(_is_namesake(c.comparison) for c in candidates if c is not best) else best


def _is_namesake(found: Comparison) -> bool:
    """Whether a file of the same name also has the typed birth date or contact, so that only the date could tell."""
    same_name = found.first in _SAME_PERSONS_NAME and found.last is not Last.DIFFERENT
    return same_name and (found.dates is Dates.SAME or found.agreeing > 0)


def _fits_better(one: _Candidate, other: _Candidate) -> bool:
    mine, theirs = _fit(one.comparison), _fit(other.comparison)
    return mine != theirs and all(a >= b for a, b in zip(mine, theirs, strict=True))


def _fit(found: Comparison) -> tuple[int, int, int, int]:
    """Grades to compare two files by; without the same birth date only the first name tells them apart."""
    first = {First.SAME: 3, First.SPELLING: 2, First.SHORT: 1, First.LONGER: 1}.get(found.first, 0)
    if found.dates is not Dates.SAME:
        return first, 0, 0, 0
    last = {Last.SAME: 3, Last.PART: 2, Last.SLIP: 1}.get(found.last, 0)
    return first, 1, found.agreeing, last


def _outdone(suggested: _Candidate | None) -> str:
    return "the suggested file fits better" if suggested else "another file fits equally well"


def _match(typed: Typed, candidate: _Candidate, why_not: str | None) -> Match:
    return Match(
        file=candidate.file,
        confidence=Confidence.POSSIBLE if why_not else Confidence.VERY_LIKELY,
        points=points(typed, candidate.file, candidate.comparison),
        caution=why_not,
    )


def _counts(typed: Typed, files: list[Filed], shared: Mapping[str, int]) -> Mapping[str, int]:
    """How many files hold each contact of ``files`` that agrees with what was typed."""
    address = normal_email(typed.email)
    among: Counter[str] = Counter()
    for file in files:
        if address and normal_email(file.email) == address:
            among[email_key(address)] += 1
        one, other = read_phones(typed.phone, typed.country, file.phone, file.country)
        if one and one == other:
            among[phone_key(one)] += 1
    return {key: max(count, shared.get(key, 0)) for key, count in among.items()}
