"""Evidence in words for staff: what agrees, what differs, what is missing."""

import unicodedata
from typing import Final

from rapidfuzz.distance import OSA

from pencilin.rules.matching.compare import Comparison, Contact, Generation
from pencilin.rules.matching.contacts import normal_email, says_nothing_email
from pencilin.rules.matching.dates import Dates
from pencilin.rules.matching.first_names import First, is_short_for
from pencilin.rules.matching.last_names import Last
from pencilin.rules.matching.names import normal_name
from pencilin.rules.matching.people import Agreement, Filed, Point, Typed

LONGEST_SHOWN: Final = 40

_FIRST: Final[dict[First, Agreement]] = {
    First.SAME: "same",
    First.SPELLING: "same",
    First.SHORT: "same",
    First.LONGER: "near",
    First.CLEAR_SLIP: "near",
    First.SLIP: "near",
    First.INITIAL: "near",
    First.SIMILAR: "different",
    First.DIFFERENT: "different",
    First.MISSING: "missing",
}
_LAST: Final[dict[Last, Agreement]] = {
    Last.SAME: "same",
    Last.PART: "near",
    Last.SLIP: "near",
    Last.DIFFERENT: "different",
    Last.MISSING: "missing",
}
_DATES: Final[dict[Dates, tuple[Agreement, str]]] = {
    Dates.SAME: ("same", "same date of birth"),
    Dates.TURNED: ("near", "date of birth differs by two figures turned round"),
    Dates.DIGIT: ("near", "date of birth differs in one digit"),
    Dates.WEAK: ("missing", "both dates of birth are the same placeholder"),
    Dates.CONFLICT: ("different", "date of birth differs"),
}
_CONTACTS: Final[dict[Contact, Agreement]] = {
    Contact.SAME: "same",
    Contact.GENERAL: "missing",
    Contact.NEAR: "near",
    Contact.DIFFERENT: "different",
    Contact.MISSING: "missing",
}


def points(typed: Typed, filed: Filed, found: Comparison) -> tuple[Point, ...]:
    """The evidence for and against one file, in the order in which staff ask for it."""
    return (
        *_name_points(typed, filed, found),
        _date_point(typed, filed, found.dates),
        Point("email", _CONTACTS[found.email], _email_words(typed, filed, found.email)),
        Point("phone", _CONTACTS[found.phone], _phone_words(typed, filed, found.phone)),
        *_booked_by_points(typed, filed),
    )


def _name_points(typed: Typed, filed: Filed, found: Comparison) -> tuple[Point, ...]:
    if found.first is First.SAME and found.last is Last.SAME and not found.turned:
        return (Point("name", "same", "same name"), *_generation_points(found))
    turned = (Point("name", "near", "first and last name turned round"),) if found.turned else ()
    typed_first, typed_last = typed.first_name, typed.last_name
    if found.turned:
        typed_first, typed_last = typed_last, typed_first
    return (
        *turned,
        Point("first_name", _FIRST[found.first], _first_words(typed_first, filed.first_name, found.first)),
        Point("last_name", _LAST[found.last], _last_words(typed_last, filed.last_name, found.last)),
        *_generation_points(found),
    )


def _generation_points(found: Comparison) -> tuple[Point, ...]:
    if found.generation is Generation.DIFFERENT:
        return (Point("name", "different", "one is Jr, the other Sr"),)
    if found.generation is Generation.ONE_SIDED:
        return (Point("name", "near", "only one of the two bears Jr or Sr"),)
    return ()


def _first_words(typed: str, filed: str, found: First) -> str:
    one, other = _shown(typed), _shown(filed)
    if found is First.SHORT and is_short_for(normal_name(typed), normal_name(filed)):
        return f"{one} is short for {other}"
    if found is First.SHORT and is_short_for(normal_name(filed), normal_name(typed)):
        return f"{other} is short for {one}"
    slip = f"first name {_apart(typed, filed)}: {one}, on file {other}"
    return {
        First.SAME: "same first name",
        First.SPELLING: f"{one} and {other} are spellings of one name",
        First.SHORT: f"{one} and {other} are short for one name",
        First.LONGER: f"{one} and {other} share a first name; one has more",
        First.CLEAR_SLIP: slip,
        First.SLIP: slip,
        First.INITIAL: f"only an initial: {one}, on file {other}",
        First.SIMILAR: f"{one} and {other} are alike, but may be two names",
        First.DIFFERENT: f"first name differs: {one}, on file {other}",
        First.MISSING: "no first name typed" if not normal_name(typed) else "no first name on file",
    }[found]


def _last_words(typed: str, filed: str, found: Last) -> str:
    one, other = _shown(typed), _shown(filed)
    return {
        Last.SAME: "same last name",
        Last.PART: f"{one} and {other} share a last name; one has more",
        Last.SLIP: f"last name {_apart(typed, filed)}: {one}, on file {other}",
        Last.DIFFERENT: f"last name differs: {one}, on file {other}",
        Last.MISSING: "no last name typed" if not normal_name(typed) else "no last name on file",
    }[found]


def _apart(typed: str, filed: str) -> str:
    one, other = normal_name(typed).replace(" ", ""), normal_name(filed).replace(" ", "")
    letters = OSA.distance(one, other)
    return {1: "one letter apart", 2: "two letters apart"}.get(letters, "nearly the same")


def _date_point(typed: Typed, filed: Filed, found: Dates) -> Point:
    if found in _DATES:
        return Point("birth_date", *_DATES[found])
    one, other = typed.birth_date, filed.birth_date
    if one is None:
        return Point("birth_date", "missing", "no date of birth typed")
    if other is None:
        return Point("birth_date", "missing", "no date of birth on file")
    if found is Dates.MISSING:
        return Point("birth_date", "missing", "a date of birth is only a placeholder")
    part = "year" if one.year != other.year else "month" if one.month != other.month else "day"
    return Point("birth_date", "different", f"{part} of birth differs")


def _email_words(typed: Typed, filed: Filed, found: Contact) -> str:
    if found is Contact.GENERAL:
        address = normal_email(typed.email)
        placeholder = address is not None and says_nothing_email(address)
        return "same email, but a general one" if placeholder else "same email, but many files share it"
    if found is Contact.MISSING:
        return _missing("email", normal_email(typed.email), normal_email(filed.email))
    return {
        Contact.SAME: "same email",
        Contact.NEAR: "email differs in one letter",
        Contact.DIFFERENT: "email differs",
    }[found]


def _phone_words(typed: Typed, filed: Filed, found: Contact) -> str:
    if found is Contact.MISSING:
        return _missing("phone", typed.phone, filed.phone)
    return {
        Contact.SAME: "same phone",
        Contact.GENERAL: "same phone, but a placeholder or shared by many files",
        Contact.NEAR: "phone differs in one digit",
        Contact.DIFFERENT: "phone differs",
    }[found]


def _missing(what: str, typed: str | None, filed: str | None) -> str:
    if not (typed and typed.strip()):
        return f"no {what} typed"
    if not (filed and filed.strip()):
        return f"no {what} on file"
    return f"{what} cannot be compared"


def _booked_by_points(typed: Typed, filed: Filed) -> tuple[Point, ...]:
    booker = typed.booked_by
    if booker is None:
        return ()
    booker_name = normal_name(f"{booker.first_name} {booker.last_name}")
    typed_name = normal_name(f"{typed.first_name} {typed.last_name}")
    if booker_name == normal_name(f"{filed.first_name} {filed.last_name}") != typed_name:
        return (Point("booked_by", "different", "this is the name of the person who booked"),)
    who = _shown(booker.first_name) or "the person"
    return (Point("booked_by", "missing", f"email and phone are those of {who}, who booked"),)


def _shown(name: str) -> str:
    """A typed name as it may stand in a sentence: one line, no control characters, not too long."""
    visible = "".join(" " if c.isspace() else c for c in name[:400] if c.isspace() or c.isprintable())
    short = " ".join(unicodedata.normalize("NFC", visible).split())
    return short if len(short) <= LONGEST_SHOWN else short[: LONGEST_SHOWN - 1] + "…"
