"""The values that matching takes and gives: what was typed, a file, and what the comparison found."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Field = Literal["name", "first_name", "last_name", "birth_date", "email", "phone", "booked_by"]
Agreement = Literal["same", "near", "different", "missing"]


@dataclass(frozen=True, slots=True)
class BookedByName:
    """The person who booked for somebody else; with it, email and phone are that person's."""

    first_name: str
    last_name: str
    relationship: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What a booker typed, unchanged.

    ``country`` is the ISO 3166 region of the practice or location; it says how to read a phone number that
    was typed without its country.
    """

    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birth_date: date | None
    country: str
    booked_by: BookedByName | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A client's file, as far as matching needs it. ``country`` as in :class:`Typed`."""

    id: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birth_date: date | None
    country: str


class Confidence(StrEnum):
    """How sure a match is: shown as the suggestion, or listed for a person to choose from."""

    VERY_LIKELY = "very_likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Point:
    """One piece of evidence; ``words`` is a fragment of a sentence (*same date of birth*)."""

    field: Field
    agreement: Agreement
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """One file that may be the booker's, with the evidence.

    ``caution`` says in words why the file is not suggested (*a relative could type the same*); it is None for
    the suggestion.
    """

    file: Filed
    confidence: Confidence
    points: tuple[Point, ...]
    caution: str | None


@dataclass(frozen=True, slots=True)
class Matches:
    """The answer for one booker: at most one suggestion, at most ten possible files, the best first."""

    suggestion: Match | None
    possible: tuple[Match, ...]
