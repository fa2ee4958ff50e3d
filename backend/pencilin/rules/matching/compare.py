"""What was typed against one file, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from rapidfuzz.distance import OSA

from pencilin.rules.matching.contacts import (
    email_key,
    national_digits,
    normal_email,
    normal_phone,
    phone_as_in,
    phone_key,
    says_nothing_email,
    says_nothing_phone,
    valid_phone,
)
from pencilin.rules.matching.dates import Dates, compare_dates
from pencilin.rules.matching.first_names import First, compare_first
from pencilin.rules.matching.last_names import Last, compare_last
from pencilin.rules.matching.names import Name, read_name
from pencilin.rules.matching.people import Filed, Typed

# A large family shares an address between seven; above that it is a home, a school, an office.
MANY_FILES: Final = 8


class Contact(Enum):
    """What two email addresses or two phone numbers say about each other."""

    SAME = "same"
    GENERAL = "general"  # the same, but a placeholder, a role mailbox, or held by many files
    NEAR = "near"
    DIFFERENT = "different"
    MISSING = "missing"


class Generation(Enum):
    """*Jr* and *Sr*: agreeing or absent on both sides, on one side only, or two different ones."""

    SAME = "same"
    ONE_SIDED = "one_sided"
    DIFFERENT = "different"


_GOOD_FIRST: Final = (
    First.SAME, First.SPELLING, First.SHORT, First.LONGER, First.CLEAR_SLIP, First.SLIP
)  # fmt: skip
_GOOD_LAST: Final = (Last.SAME, Last.PART, Last.SLIP)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result for each field; ``turned`` says that first and last name were compared crosswise."""

    first: First
    last: Last
    turned: bool
    generation: Generation
    dates: Dates
    email: Contact
    phone: Contact

    @property
    def agreeing(self) -> int:
        """How many contacts agree and say something."""
        return (self.email is Contact.SAME) + (self.phone is Contact.SAME)


def compare(typed: Typed, filed: Filed, shared: Mapping[str, int]) -> Comparison:
    """Compares field by field. ``shared``: the number of files that hold a contact, by its key."""
    first, last, turned = _names(typed, filed)
    return Comparison(
        first=first,
        last=last,
        turned=turned,
        generation=_generation(typed, filed),
        dates=compare_dates(typed.birth_date, filed.birth_date),
        email=_email(typed, filed, shared),
        phone=_phone(typed, filed, shared),
    )


def _names(typed: Typed, filed: Filed) -> tuple[First, Last, bool]:
    mine = read_name(typed.first_name), read_name(typed.last_name)
    theirs = read_name(filed.first_name), read_name(filed.last_name)
    plain = compare_first(mine[0], theirs[0]), compare_last(mine[1], theirs[1])
    if _agree(plain):
        return *plain, False
    turned = compare_first(mine[1], theirs[0]), compare_last(mine[0], theirs[1])
    if _agree(turned):
        return *turned, True
    split_mine, split_theirs = _split(*mine), _split(*theirs)
    split = compare_first(split_mine[0], split_theirs[0]), compare_last(split_mine[1], split_theirs[1])
    one_side = (split_mine != mine) != (split_theirs != theirs)
    return (*split, False) if one_side and _agree(split) else (*plain, False)


def _agree(names: tuple[First, Last]) -> bool:
    return names[0] in _GOOD_FIRST and names[1] in _GOOD_LAST


def _split(first: Name, last: Name) -> tuple[Name, Name]:
    """A whole name that was put into one field, taken apart."""
    if last.parts and len(first.parts) > len(last.parts) and first.parts[-len(last.parts) :] == last.parts:
        return read_name(" ".join(first.parts[: -len(last.parts)])), last
    if first.missing and len(last.parts) > 1:
        return read_name(last.parts[0]), read_name(" ".join(last.parts[1:]))
    if last.missing and len(first.parts) > 1:
        return read_name(" ".join(first.parts[:-1])), read_name(first.parts[-1])
    return first, last


def _generation(typed: Typed, filed: Filed) -> Generation:
    one = read_name(typed.last_name).generation or read_name(typed.first_name).generation
    other = read_name(filed.last_name).generation or read_name(filed.first_name).generation
    if one == other:
        return Generation.SAME
    return Generation.DIFFERENT if one and other else Generation.ONE_SIDED


def _email(typed: Typed, filed: Filed, shared: Mapping[str, int]) -> Contact:
    one, other = normal_email(typed.email), normal_email(filed.email)
    if one is None or other is None:
        return Contact.MISSING
    if one == other:
        says_nothing = says_nothing_email(one) or shared.get(email_key(one), 0) >= MANY_FILES
        return Contact.GENERAL if says_nothing else Contact.SAME
    if says_nothing_email(one) or says_nothing_email(other):
        return Contact.MISSING
    return Contact.NEAR if OSA.distance(one, other, score_cutoff=1) == 1 else Contact.DIFFERENT


def _phone(typed: Typed, filed: Filed, shared: Mapping[str, int]) -> Contact:
    one, other = read_phones(typed.phone, typed.country, filed.phone, filed.country)
    if one is None or other is None:
        return Contact.MISSING
    if one == other:
        says_nothing = says_nothing_phone(one) or shared.get(phone_key(one), 0) >= MANY_FILES
        return Contact.GENERAL if says_nothing else Contact.SAME
    if says_nothing_phone(one) or says_nothing_phone(other):
        return Contact.MISSING
    return Contact.NEAR if OSA.distance(one, other, score_cutoff=1) == 1 else Contact.DIFFERENT


def read_phones(one: str | None, country: str, other: str | None, at: str) -> tuple[str | None, str | None]:
    """Two phone texts in E.164, each read in the other's country where it is no number in its own."""
    mine, theirs = normal_phone(one, country), normal_phone(other, at)
    if mine == theirs:
        return mine, theirs
    if one and theirs and theirs.endswith(national_digits(one)):
        abroad = (mine is None or not valid_phone(mine)) and phone_as_in(one, theirs) == theirs
        return (theirs if abroad else mine), theirs
    if other and mine and mine.endswith(national_digits(other)):
        abroad = (theirs is None or not valid_phone(theirs)) and phone_as_in(other, mine) == mine
        return mine, (mine if abroad else theirs)
    return mine, theirs
