"""Who a request may be from: matching, computed at the moment when staff look."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, select

from pencilin import clients
from pencilin.models import Appointment, BookedBy, Client, Location, Practice, Role, Staff, TentativeClient
from pencilin.review.words import label
from pencilin.rules.matching import BookedByName, Confidence, Match, Matches, Typed, match


@dataclass(frozen=True, slots=True)
class Suggested:
    """A file that may be the booker's.

    ``hidden``: a practitioner who may not see the file gets neither name nor contact, and ``agrees`` only says
    which typed fields are the same; otherwise ``agrees`` and ``differs`` are the evidence in words.
    """

    client_id: str
    hidden: bool
    confidence: Confidence
    agrees: tuple[str, ...]
    differs: tuple[str, ...] = ()
    caution: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None


def read_typed(session: Session, appointment: Appointment) -> tuple[TentativeClient | None, BookedBy | None]:
    """What the booker typed; nothing for an appointment that staff entered."""
    key = (appointment.practice_id, appointment.id)
    return session.get(TentativeClient, key), session.get(BookedBy, key)


def read_asked(
    session: Session, practice: Practice, appointment_ids: Sequence[str]
) -> Iterator[tuple[Appointment, TentativeClient | None, BookedBy | None, Location]]:
    """These requests with what was typed, all by one query, in no order."""
    found = session.exec(
        select(Appointment, TentativeClient, BookedBy, Location)
        .join(
            Location,
            and_(col(Location.practice_id) == Appointment.practice_id, col(Location.id) == Appointment.location_id),
        )
        .outerjoin(TentativeClient, _of_appointment(TentativeClient))
        .outerjoin(BookedBy, _of_appointment(BookedBy))
        .where(Appointment.practice_id == practice.id, col(Appointment.id).in_(appointment_ids))
    )
    yield from found


def _of_appointment(kind: type[TentativeClient | BookedBy]) -> ColumnElement[bool]:
    return and_(col(kind.practice_id) == Appointment.practice_id, col(kind.appointment_id) == Appointment.id)


def typed_of(typed: TentativeClient, booked_by: BookedBy | None, location: Location) -> Typed:
    """What was typed, for matching; the location's country reads a phone number without one."""
    return Typed(
        typed.first_name,
        typed.last_name,
        typed.email,
        typed.phone,
        typed.birth_date,
        location.country,
        booker_of(booked_by),
    )


def booker_of(booked_by: BookedBy | None) -> BookedByName | None:
    """Who booked for somebody else, for matching."""
    if booked_by is None:
        return None
    return BookedByName(booked_by.first_name, booked_by.last_name, booked_by.relationship)


def find_matches(session: Session, practice: Practice, *asked: Typed) -> list[Matches]:
    """For each of those who were typed: the suggestion and the possible files of the practice, whoever may see them.

    Their files are read together.
    """
    found = clients.candidates(session, practice, asked)
    return [match(typed, one.files, one.shared) for typed, one in zip(asked, found, strict=True)]


def shown_to(session: Session, staff: Staff, *found: Matches) -> list[tuple[Suggested | None, tuple[Suggested, ...]]]:
    """Each suggestion and its possible files as this staff member may see them."""
    every = [one.file.id for matches in found for one in (matches.suggestion, *matches.possible) if one]
    seen = _visible(session, staff, every)
    return [
        (
            _shown(matches.suggestion, seen) if matches.suggestion else None,
            tuple(_shown(one, seen) for one in matches.possible),
        )
        for matches in found
    ]


def best_shown(session: Session, staff: Staff, practice: Practice, asked: Mapping[str, Typed]) -> dict[str, Suggested]:
    """Who those who were typed very likely are, as this staff member may see it, by the keys of ``asked``."""
    shown = shown_to(session, staff, *find_matches(session, practice, *asked.values()))
    suggested = zip(asked, (suggestion for suggestion, _ in shown), strict=True)
    return {key: best for key, best in suggested if best and best.confidence is Confidence.VERY_LIKELY}


def _visible(session: Session, staff: Staff, client_ids: list[str]) -> set[str]:
    if staff.role != Role.PRACTITIONER:
        return set(client_ids)
    return set(session.exec(select(Client.id).where(clients.visible_to(staff), col(Client.id).in_(client_ids))))


def _shown(found: Match, seen: set[str]) -> Suggested:
    if found.file.id not in seen:
        agreeing = dict.fromkeys(label(point.field) for point in found.points if point.agreement == "same")
        return Suggested(found.file.id, True, found.confidence, tuple(agreeing))
    return Suggested(
        found.file.id,
        False,
        found.confidence,
        tuple(point.words for point in found.points if point.agreement in ("same", "near")),
        tuple(point.words for point in found.points if point.agreement == "different"),
        found.caution,
        f"{found.file.first_name} {found.file.last_name}",
        found.file.email,
        found.file.phone,
        found.file.birth_date,
    )
