"""Who a request may be from: matching, computed at the moment when staff look."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

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


def find_matches(session: Session, practice: Practice, typed: Typed) -> Matches:
    """The suggestion and the possible files of the practice, whoever may see them."""
    found = clients.candidates(session, practice, typed)
    return match(typed, found.files, found.shared)


def shown_to(session: Session, staff: Staff, matches: Matches) -> tuple[Suggested | None, tuple[Suggested, ...]]:
    """The suggestion and the possible files as this staff member may see them."""
    listed = ([matches.suggestion] if matches.suggestion else []) + list(matches.possible)
    seen = _visible(session, staff, [one.file.id for one in listed])
    shown = [_shown(one, hidden=one.file.id not in seen) for one in listed]
    if matches.suggestion:
        return shown[0], tuple(shown[1:])
    return None, tuple(shown)


def _visible(session: Session, staff: Staff, client_ids: list[str]) -> set[str]:
    if staff.role != Role.PRACTITIONER:
        return set(client_ids)
    return set(session.exec(select(Client.id).where(clients.visible_to(staff), col(Client.id).in_(client_ids))))


def _shown(found: Match, *, hidden: bool) -> Suggested:
    if hidden:
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
