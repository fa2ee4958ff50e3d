"""Staff enter an appointment, or a series of them: approved at once, by the same guard against double booking."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin import audit, clients, i18n
from pencilin.booking import new_reference
from pencilin.catalogue import Catalogue, Named, read_catalogue
from pencilin.clients import ClientForm
from pencilin.conflicts import Conflict, Insist, check, find_conflicts
from pencilin.database import lock_practitioners
from pencilin.errors import Forbidden, Invalid, SlotTaken, TimeConflicts
from pencilin.mail import afterwards, messages
from pencilin.models import (
    Appointment,
    Client,
    Link,
    LinkedAs,
    Location,
    Practice,
    Practitioner,
    Role,
    Service,
    Staff,
    new_id,
)
from pencilin.reservations import claim_time
from pencilin.review import MOST_MINUTES, UNDO_SECONDS, Change
from pencilin.rules.states import Purpose, Status
from pencilin.rules.timeline import TICK_MINUTES, instant_of, tick_at
from pencilin.scheduling import for_whom
from pencilin.scheduling.repeating import MOST_TIMES

SOURCE = "desk"
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One start (aware), and what of the conflicts at this time was shown and accepted."""

    start: datetime
    insist: Insist = Insist.NO


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """What staff enter: an existing client (``client_id``) or a new one; one occurrence, or those of a series.

    ``minutes`` None is the service's own length; ``tell``: the client gets a confirmation, one of all, if an email
    is on file.
    """

    service_id: str
    practitioner_id: str
    location_id: str
    occurrences: tuple[Occurrence, ...]
    minutes: int | None = None
    client_id: str | None = None
    new_client: ClientForm | None = None
    note: str = ""
    tell: bool = True
    despite_match: bool = False


@dataclass(frozen=True, slots=True)
class _Visit:
    service: Service
    practitioner: Practitioner
    location: Location
    minutes: int


def enter(session: Session, staff: Staff, wanted: NewAppointment, now: datetime) -> list[Appointment]:
    """Writes the approved appointments, the earliest first, with their time, client, audit entries and mail.

    All or none. Raises :class:`Invalid` with the fields to correct, :class:`MatchExists` for a new client who very
    likely has a file, and :class:`TimeConflicts` for a time at which more speaks against it than staff accepted.
    """
    practice = session.get_one(Practice, staff.practice_id)
    catalogue = read_catalogue(session, practice)
    visit = _visit(catalogue, staff, wanted)
    occurrences = sorted(wanted.occurrences, key=lambda one: one.start)
    _check_starts(occurrences)
    note = _note(wanted.note)
    details = for_whom.details(
        session, staff, practice, visit.location, wanted.new_client, now, despite_match=wanted.despite_match
    )
    lock_practitioners(session, practice.id, [visit.practitioner.id])
    _check_conflicts(session, catalogue, visit, occurrences, now)
    series = new_id() if len(occurrences) > 1 else None
    made = [_row(session, staff, practice, visit, one.start, note, series, now) for one in occurrences]
    if details:
        client = clients.add(session, practice, details, staff, now, saved_from=made[0].id)
    else:
        client = for_whom.existing(session, staff, wanted.client_id)
    lang = for_whom.language(session, practice, client)
    for appointment, one in zip(made, occurrences, strict=True):
        appointment.client_id = client.id
        appointment.lang = lang
        _take_time(session, visit, appointment, one, now)
        _link(session, staff, appointment, client, LinkedAs.NEW if details else LinkedAs.EXISTING, now)
        audit.record(session, now, practice.id, staff, "appointment.entered", "appointment", appointment.id)
    session.flush()
    if wanted.tell and client.email:
        due = now + timedelta(seconds=UNDO_SECONDS)
        for appointment in made:
            messages.confirmed(session, appointment, [client.email], now, due_at=due, group_id=series)
            afterwards.reminders(session, appointment, [client.email], now)
    return made


def conflicts_of(
    session: Session, staff: Staff, wanted: Change, starts: list[datetime], now: datetime
) -> list[list[Conflict]]:
    """What speaks against each start of a new appointment; raises :class:`Invalid` for one that can't be."""
    catalogue = read_catalogue(session, session.get_one(Practice, staff.practice_id))
    entered = NewAppointment(wanted.service_id, wanted.practitioner_id, wanted.location_id, (), wanted.minutes)
    visit = _visit(catalogue, staff, entered)
    return [_conflicts(session, catalogue, visit, start, now) for start in starts]


def _visit(catalogue: Catalogue, staff: Staff, wanted: NewAppointment) -> _Visit:
    wrong: dict[str, str] = {}

    def pick(offered: tuple[Named, ...], wanted_id: str, field: str) -> Named | None:
        found = next((row for row in offered if row.id == wanted_id), None)
        if found is None:
            wrong[field] = "Choose one of the list."
        return found

    service = pick(catalogue.services, wanted.service_id, "service")
    who = pick(catalogue.practitioners, wanted.practitioner_id, "practitioner")
    where = pick(catalogue.locations, wanted.location_id, "location")
    if service is None or who is None or where is None:
        raise Invalid(wrong)
    minutes = service.minutes if wanted.minutes is None else wanted.minutes
    if minutes % TICK_MINUTES or not TICK_MINUTES <= minutes <= MOST_MINUTES:
        raise Invalid({"minutes": f"Enter a multiple of 5, from 5 to {MOST_MINUTES} minutes."})
    if staff.role == Role.PRACTITIONER and who.id != staff.practitioner_id:
        raise Forbidden("You can't book for a colleague. Ask the front desk to do it.")
    return _Visit(service, who, where, minutes)


def _check_starts(occurrences: list[Occurrence]) -> None:
    starts = [one.start.astimezone(UTC) for one in occurrences]
    if any(instant_of(tick_at(start)) != start for start in starts):
        raise Invalid({"time": "Choose a time on a full five minutes."})
    if not 0 < len(starts) <= MOST_TIMES or len(set(starts)) < len(starts):
        raise Invalid({"times": f"Choose from 1 to {MOST_TIMES} dates."})


def _note(text: str) -> str | None:
    try:
        return clients.prose(text, LONGEST_NOTE) or None
    except ValueError as error:
        raise Invalid({"note": str(error)}) from None


def _check_conflicts(
    session: Session, catalogue: Catalogue, visit: _Visit, occurrences: list[Occurrence], now: datetime
) -> None:
    refused: list[TimeConflicts] = []
    reasons: list[str] = []
    for one in occurrences:
        try:
            check(_conflicts(session, catalogue, visit, one.start, now), one.insist)
        except TimeConflicts as error:
            refused.append(error)
            when = i18n.brief_time(one.start, visit.location.timezone, catalogue.practice.staff_locale)
            reasons += error.reasons if len(occurrences) == 1 else [f"{when}: {words}" for words in error.reasons]
    if refused:
        raise TimeConflicts(
            reasons,
            blocking=any(error.blocking for error in refused),
            overlap=any(error.overlap for error in refused),
        )


def _conflicts(session: Session, catalogue: Catalogue, visit: _Visit, start: datetime, now: datetime) -> list[Conflict]:
    return find_conflicts(
        session, catalogue, visit.service, visit.practitioner, visit.location, start, now, minutes=visit.minutes
    )


def _row(
    session: Session,
    staff: Staff,
    practice: Practice,
    visit: _Visit,
    start: datetime,
    note: str | None,
    series: str | None,
    now: datetime,
) -> Appointment:
    local = start.astimezone(ZoneInfo(visit.location.timezone))
    appointment = Appointment(
        practice_id=practice.id,
        id=new_id(),
        reference=new_reference(session, practice.id),
        status=Status.APPROVED,
        service_id=visit.service.id,
        practitioner_id=visit.practitioner.id,
        location_id=visit.location.id,
        start=start.astimezone(UTC),
        end=start.astimezone(UTC) + timedelta(minutes=visit.minutes),
        local_start=local.replace(tzinfo=None, fold=0),
        timezone=visit.location.timezone,
        fold=local.fold,
        note=note,
        series_id=series,
        source=SOURCE,
        created_at=now,
        decided_at=now,
        decided_by=staff.id,
    )
    session.add(appointment)
    session.flush()
    return appointment


def _take_time(session: Session, visit: _Visit, appointment: Appointment, one: Occurrence, now: datetime) -> None:
    try:
        claim_time(
            session,
            visit.service,
            visit.practitioner,
            visit.location,
            appointment.start,
            Purpose.CURRENT,
            now,
            appointment=appointment,
            minutes=visit.minutes,
            overbook=one.insist is Insist.OVERBOOK,
        )
    except SlotTaken:
        raise TimeConflicts(["Somebody else took this time a moment ago. Choose another one."], blocking=True) from None


def _link(
    session: Session, staff: Staff, appointment: Appointment, client: Client, linked_as: LinkedAs, now: datetime
) -> None:
    session.add(
        Link(
            practice_id=appointment.practice_id,
            id=new_id(),
            appointment_id=appointment.id,
            client_id=client.id,
            linked_as=linked_as,
            evidence=[],
            staff_id=staff.id,
            created_at=now,
        )
    )
