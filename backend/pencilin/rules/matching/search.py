"""The client search box: name, phone, email or date of birth, forgiving typing errors and accents."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from pencilin.rules.matching.contacts import email_key, national_digits, normal_email, normal_phone
from pencilin.rules.matching.first_names import formal_names, spellings_of
from pencilin.rules.matching.keys import name_prefixes, phone_end_key, sound_key, word_key, words_of
from pencilin.rules.matching.names import read_name
from pencilin.rules.matching.people import Filed

LONGEST_QUERY: Final = 100
MOST_TOKENS: Final = 6
SHORTEST_PHONE: Final = 4
_LAST: Final = "\U0010ffff"

_DATE = re.compile(
    r"(?<!\d)(?:(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})|(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2}))(?!\d)", re.ASCII
)
_WORDY_DATE = re.compile(
    r"(?<!\d)(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})(?!\d)"
    r"|([a-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)",
    re.ASCII,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PHONE = re.compile(r"\+?[\d\s()./-]*\d[\d\s()./-]*")


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Keys to look up: ``first <= key < before``, by code points. A whole key is a range of its own, too."""

    first: str
    before: str


@dataclass(frozen=True, slots=True)
class _Query:
    """A search text taken apart. ``digits``: of a phone number; ``dates``: every reading of a date."""

    words: tuple[str, ...]
    emails: tuple[str, ...]
    digits: str
    phone: str | None
    dates: tuple[date, ...]


def search_keys(text: str, country: str) -> tuple[KeyRange, ...]:
    """The ranges of keys in which to look for files, the most selective first; none for an empty query.

    Stop when a few hundred files are found; then order them by :func:`search_score`. ``country`` (ISO 3166)
    reads phone numbers.
    """
    query = _read(text[:LONGEST_QUERY], country.upper())
    return tuple(dict.fromkeys(KeyRange(key, key + _LAST) for key in _prefixes(query)))


def search_score(text: str, filed: Filed, country: str) -> float:
    """How well a file answers a search, from 0 (not at all: leave it out) to 1."""
    query = _read(text[:LONGEST_QUERY], country.upper())
    scores = [_word_score(word, filed) for word in query.words]
    scores += [_email_score(email, filed) for email in query.emails]
    if query.dates:
        scores.append(1.0 if filed.birth_date in query.dates else 0.0)
    elif query.digits:
        scores.append(_phone_score(query, filed))
    if not scores or min(scores) == 0.0:
        return 0.0
    return sum(scores) / len(scores)


def _prefixes(query: _Query) -> Iterator[str]:
    yield from (email_key(email) for email in query.emails)
    yield from (f"b:{day.isoformat()}" for day in query.dates)
    if query.phone:
        yield f"p:{query.phone}"
    if query.digits and not query.dates:
        yield phone_end_key(query.digits)
        yield f"t:{query.digits}"
    if len(query.words) > 1:
        one, other = query.words[0], "".join(query.words[1:])
        yield from name_prefixes(one, other)
        yield from name_prefixes(query.words[-1], "".join(query.words[:-1]))
    yield from (word_key(word) for word in query.words)
    yield from (word_key(name) for word in query.words for name in sorted(_other_names(word)))
    yield from (sound for word in query.words if (sound := sound_key(word)))
    if len(query.words) == 1 and len(query.words[0]) > 2:
        yield email_key(query.words[0])
    yield from (word_key(word[: len(word) // 2 + 1]) for word in query.words if len(word) > 3)


@lru_cache(maxsize=256)
def _read(text: str, country: str) -> _Query:
    plain = unicodedata.normalize("NFKC", text).casefold()
    dates, rest = _take_dates(plain)
    emails = tuple(part for part in rest.split() if "@" in part and len(part) > 1)
    rest = " ".join(part for part in rest.split() if "@" not in part)
    digits, phone = "", None
    numbers = [found for found in _PHONE.findall(rest) if sum(c.isdigit() for c in found) >= SHORTEST_PHONE]
    standing_alone = [found for found in numbers if not re.search(rf"[^\W\d_]{re.escape(found.strip())}", rest)]
    if standing_alone:
        longest = max(standing_alone, key=len)
        digits, phone = national_digits(longest), normal_phone(longest, country)
        rest = rest.replace(longest, " ")
    words = tuple(word for word in read_name(rest).latin if not word.isdigit())[:MOST_TOKENS]
    return _Query(words, emails, digits, phone, dates)


def _take_dates(text: str) -> tuple[tuple[date, ...], str]:
    """Every sensible reading of the first date in ``text``, and the text without it."""
    if wordy := _WORDY_DATE.search(text):
        day, month, year, month_first, its_day, its_year = wordy.groups()
        name = month or month_first
        if name in _MONTHS:
            read = _dates(int(year or its_year), _MONTHS.index(name) + 1, int(day or its_day))
            return read, text.replace(wordy.group(), " ")
    found = _DATE.search(text)
    if found is None:
        return (), text
    year, month, day, one, other, short = found.groups()
    if year:
        read = _dates(int(year), int(month), int(day))
    else:
        years = [int(short)] if len(short) == 4 else [1900 + int(short), 2000 + int(short)]
        pairs = ((int(one), int(other)), (int(other), int(one)))
        read = tuple(dict.fromkeys(day for y in years for d, m in pairs for day in _dates(y, m, d)))
    return (read, text.replace(found.group(), " ")) if read else ((), text)


def _dates(year: int, month: int, day: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _word_score(word: str, filed: Filed) -> float:
    names = max((_alike(word, other) for other in words_of(filed)), default=0.0)
    email = normal_email(filed.email) or ""
    return max(names, 0.6 if len(word) > 2 and email.startswith(word) else 0.0)


@lru_cache(maxsize=16_384)
def _alike(word: str, name: str) -> float:
    if word == name:
        return 1.0
    if name.startswith(word):
        return 0.9
    if name in _other_names(word):
        return 0.8
    allowed = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    beginning = name[: len(word) + 1]
    distance = min(OSA.distance(word, name), OSA.distance(word, beginning) if len(word) > 3 else 99)
    if distance <= allowed:
        return 0.8 - 0.1 * distance
    return 0.5 if len(word) > 3 and sound_key(word) == sound_key(name) is not None else 0.0


def _other_names(word: str) -> frozenset[str]:
    """The names that a searched word may stand for: Bill finds William, Yusuf finds Youssef."""
    return formal_names(word) | spellings_of(word)


def _email_score(part: str, filed: Filed) -> float:
    email = normal_email(filed.email) or ""
    if email == part:
        return 1.0
    if email.startswith(part):
        return 0.9
    if part in email:
        return 0.7
    return 0.6 if email and OSA.distance(part, email, score_cutoff=2) <= 2 else 0.0


def _phone_score(query: _Query, filed: Filed) -> float:
    number = normal_phone(filed.phone, filed.country) or ""
    if number and number == query.phone:
        return 1.0
    if number.endswith(query.digits):
        return 0.95
    return 0.7 if query.digits in number else 0.0
