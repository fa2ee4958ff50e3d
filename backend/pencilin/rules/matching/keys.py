"""The keys by which the database finds the few files that are worth comparing.

A file is compared only when it shares a key with what was typed. Every key alone is selective, so that the
candidates stay some dozens among 10^5 files: an address, a whole phone number, a birth date, or a whole name
together with the initial of the other. ``e`` email, ``p`` phone, ``t`` the national number without country,
``b`` birth date, ``i`` first initial and last name, ``j`` first name and last initial. Names go in both
orders, because people turn them round.
"""

from typing import Final

from pencilin.rules.matching.contacts import (
    email_key,
    national_digits,
    national_number,
    normal_email,
    normal_phone,
    phone_key,
    says_nothing_email,
    says_nothing_phone,
)
from pencilin.rules.matching.dates import is_placeholder
from pencilin.rules.matching.names import Name, read_name
from pencilin.rules.matching.people import Filed, Typed

LONGEST_PIECE: Final = 24
SHORTEST_NATIONAL: Final = 7


def keys(person: Typed | Filed) -> frozenset[str]:
    """The keys of what was typed or of a file; 12 or so, never more than 24, each at most 64 characters."""
    return frozenset(_contact_keys(person) | _birth_keys(person) | _name_keys(person))


def contact_keys(person: Typed | Filed) -> frozenset[str]:
    """Those of the keys that stand for an address or a whole phone number: count the files that hold each."""
    return frozenset(key for key in _contact_keys(person) if key[0] in "ep")


def _contact_keys(person: Typed | Filed) -> set[str]:
    found = set()
    email = normal_email(person.email)
    if email and not says_nothing_email(email):
        found.add(email_key(email))
    phone = normal_phone(person.phone, person.country)
    if phone and not says_nothing_phone(phone):
        found.add(phone_key(phone))
        found.add(f"t:{national_number(phone)}")
    if person.phone and isinstance(person, Typed):
        digits = national_digits(person.phone)
        if len(digits) >= SHORTEST_NATIONAL:
            found.add(f"t:{digits}")
    return found


def _birth_keys(person: Typed | Filed) -> set[str]:
    day = person.birth_date
    return set() if day is None or is_placeholder(day) else {f"b:{day.isoformat()}"}


def _name_keys(person: Typed | Filed) -> set[str]:
    first, last = read_name(person.first_name), read_name(person.last_name)
    found = set()
    for one, other in ((first, last), (last, first)):
        for initial in _initials(one):
            found.update(f"i:{initial} {piece}" for piece in _pieces(other))
        found.update(f"j:{piece} {initial}" for piece in _pieces(one)[:1] for initial in _initials(other)[:1])
    return found


def _pieces(name: Name) -> list[str]:
    """The words of a name that may stand for it alone, and the whole."""
    if name.missing:
        return []
    longest = sorted((part for part in name.parts if len(part) > 2), key=len, reverse=True)
    return list(dict.fromkeys(piece[:LONGEST_PIECE] for piece in (name.joined, *longest[:2])))


def _initials(name: Name) -> list[str]:
    return list(dict.fromkeys(part[0] for part in name.parts))[:2] if name.parts else []
