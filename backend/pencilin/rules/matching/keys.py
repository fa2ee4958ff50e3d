"""The keys by which the database finds the few files that are worth comparing, or that a search means.

A file is compared only when it shares a key with what was typed. Every such key alone is selective, so that the
candidates stay a few among 10^5 files: an address, a whole phone number, a birth date, or a whole name with the
first consonants of the other; in both orders, because people turn them round.

| key | stands for |
|---|---|
| ``e:ana@x.example`` | email |
| ``p:+61255506859`` | phone in E.164 |
| ``t:255506859`` | national number, for those typed in another country's notation |
| ``b:1985-03-02`` | birth date |
| ``i:jn smith`` ``j:john smt`` | one name and the other's first consonants |
| ``n:smith`` | for search: a word of the name; prefixes are looked up, too |
| ``s:smt.`` | for search: the word's consonants |
| ``d:95860555216`` | for search: the phone from its end |
"""

import re
from functools import lru_cache
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
from pencilin.rules.matching.first_names import formal_names
from pencilin.rules.matching.names import Name, read_name
from pencilin.rules.matching.people import Filed, Typed

LONGEST_KEY: Final = 64
LONGEST_PIECE: Final = 24
SHORTEST_NATIONAL: Final = 7
MOST_WORDS: Final = 4
MOST_STARTS: Final = 3
START: Final = 3

_SOFT_C = re.compile(r"c(?=[eiy])")
_SOUNDS: Final = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "x": "ks"})


def keys(person: Typed | Filed) -> frozenset[str]:
    """The keys of a person, each at most 64 characters.

    For a file: all that are stored for it, for matching and for search; 13 on average, 60 for the longest of double
    names. For what was typed: those to look up, whole; 8 on average. A placeholder is stored, but never looked up.
    """
    if isinstance(person, Filed):
        return frozenset(compared_keys(person) | _search_keys(person))
    return frozenset(compared_keys(person))


def contact_keys(person: Typed | Filed) -> frozenset[str]:
    """Those of the keys that stand for an address or a whole phone number: count the files that hold each."""
    return frozenset(key for key in _contact_keys(person) if key[0] in "ep")


def compared_keys(person: Typed | Filed) -> frozenset[str]:
    """The keys by which matching finds files, without those for search."""
    return frozenset(_contact_keys(person) | _birth_keys(person)) | _name_keys(person.first_name, person.last_name)


def has_any_key(filed: Filed, wanted: frozenset[str]) -> bool:
    """Whether a file shares one of these keys; reads its phone, which is slow, only when nothing else decides."""
    return (
        not wanted.isdisjoint(_birth_keys(filed))
        or not wanted.isdisjoint(_name_keys(filed.first_name, filed.last_name))
        or not wanted.isdisjoint(_contact_keys(filed))
    )


def _contact_keys(person: Typed | Filed) -> set[str]:
    found: set[str] = set()
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


@lru_cache(maxsize=65_536)
def _name_keys(first_name: str, last_name: str) -> frozenset[str]:
    first, last = read_name(first_name), read_name(last_name)
    found: set[str] = set()
    for one, other in ((first, last), (last, first)):
        for start in _starts(one):
            found.update(f"i:{start} {piece}" for piece in _pieces(other))
        for piece in _pieces(one)[:2]:
            found.update(f"j:{piece} {start}" for start in _starts(other)[:1])
    return frozenset(found)


def _pieces(name: Name) -> list[str]:
    """The whole name and those of its words that may stand for it alone."""
    if name.missing:
        return []
    longest = sorted((part for part in name.latin if len(part) > 2), key=len, reverse=True)
    whole = ("".join(name.latin), *((name.expanded,) if name.expanded != name.joined else ()))
    return list(dict.fromkeys(piece[:LONGEST_PIECE] for piece in (*whole, *longest[:2])))


def _starts(name: Name) -> list[str]:
    """The first consonants of a name's words and of the formal names that they may be short for."""
    words = [*name.latin[:2], *sorted(formal_names("".join(name.latin)))]
    return list(dict.fromkeys(_sound(word)[:START] for word in words))[:MOST_STARTS]


def _search_keys(filed: Filed) -> set[str]:
    found: set[str] = set()
    for word in words_of(filed):
        found.add(word_key(word))
        sound = sound_key(word)
        if sound:
            found.add(sound)
    email = normal_email(filed.email)
    if email:
        found.add(email_key(email))
    phone = normal_phone(filed.phone, filed.country)
    if phone:
        found.add(phone_end_key(phone))
    if filed.birth_date is not None:
        found.add(f"b:{filed.birth_date.isoformat()}")
    return found


def words_of(filed: Filed) -> tuple[str, ...]:
    """The words of a file's name by which it is searched, the first names first."""
    first, last = read_name(filed.first_name), read_name(filed.last_name)
    written_out = [name.expanded for name in (first, last) if name.expanded != name.joined]
    return tuple(dict.fromkeys((*first.latin[:MOST_WORDS], *last.latin[:MOST_WORDS], *written_out)))


def name_prefixes(one: str, other: str) -> tuple[str, ...]:
    """How the keys of somebody begin who bears both names, of which the second may be only begun."""
    return f"i:{_sound(one)[:START]} {other[:LONGEST_PIECE]}", f"j:{one[:LONGEST_PIECE]} {_sound(other)[:START]}"


def word_key(word: str) -> str:
    """The key of a word of a name, or of its beginning (in comparison form)."""
    return f"n:{word[:LONGEST_PIECE]}"


def sound_key(word: str) -> str | None:
    """The key of a word's consonants, the same for most typing errors; None when too few would be left."""
    sound = _sound(word)
    return f"s:{sound[:LONGEST_PIECE]}." if len(sound) > 1 else None


def phone_end_key(digits: str) -> str:
    """The key of a phone number, or of its last digits, read from the end."""
    return f"d:{''.join(reversed([c for c in digits if c.isdigit()]))}"


@lru_cache(maxsize=65_536)
def _sound(word: str) -> str:
    """A word's first letter and its further consonants, each once in a row, with letters that sound alike as one."""
    plain = _SOFT_C.sub("s", word).replace("ph", "f").replace("ck", "k").translate(_SOUNDS)
    bare = plain[:1] + "".join(letter for letter in plain[1:] if letter not in "aeiouyhw")
    return "".join(letter for place, letter in enumerate(bare) if letter != bare[place - 1 : place])
