"""The appointments that a practice brings along when it moves here: approved, without any mail, all of them or none.

A file that is imported again changes nothing: each appointment's id is made of the practice's and the line's own, so
the same line is the same appointment.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin import audit, clients
from pencilin.booking import new_reference
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.clients import ClientForm, Details
from pencilin.clients.importing import LONGEST_ID, known_by_id
from pencilin.database import lock_practitioners
from pencilin.errors import Invalid, SlotTaken
from pencilin.models import ActorKind, Appointment, Client, Location, Practice, Practitioner, Service
from pencilin.reservations import claim_time
from pencilin.review import MOST_MINUTES
from pencilin.rules.states import Purpose, Status
from pencilin.rules.timeline import TICK_MINUTES, instant_of, tick_at
from pencilin.scheduling.import_files import Line

Named = TypeVar("Named", Service, Practitioner, Location)

SOURCE = "import"
PERSON = ("first_name", "last_name", "email", "phone", "birth_date")
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class ImportedCounts:
    """What an import did: appointments and client files that are new, and appointments that were there already."""

    appointments: int
    unchanged: int
    clients: int


@dataclass(frozen=True, slots=True)
class _Read:
    line: Line
    appointment_id: str
    service: Service
    practitioner: Practitioner
    location: Location
    start: datetime
    minutes: int
    person: Details
    external_id: str | None
    note: str | None


def import_appointments(session: Session, practice: Practice, lines: Iterable[Line], now: datetime) -> ImportedCounts:
    """Writes the approved appointments with their clients and their time; nobody is written to.

    A client is found by the number in the other system, or else by name with the same email or date of birth, and gets
    a new file otherwise. Raises :class:`Invalid`, which names each refused line, before anything is kept.
    """
    catalogue = read_catalogue(session, practice)
    wrong: dict[str, str] = {}
    read = list(_read_all(catalogue, lines, now, wrong))
    lock_practitioners(session, practice.id, sorted({one.practitioner.id for one in read}))
    there = _there(session, practice, [one.appointment_id for one in read])
    made = created = 0
    for one in read:
        if one.appointment_id in there:
            continue
        there.add(one.appointment_id)
        client = _known(session, practice, one)
        if client is None:
            client = clients.add(session, practice, one.person, ActorKind.SYSTEM, now, external_id=one.external_id)
            created += 1
        try:
            _enter(session, practice, one, client, now)
        except SlotTaken:
            wrong[one.line.where] = f"start: {one.practitioner.name} has another appointment at that time."
        made += 1
    if wrong:
        refused = "1 line was refused" if len(wrong) == 1 else f"{len(wrong)} lines were refused"
        raise Invalid(wrong, f"{refused}, so nothing was imported.")
    return ImportedCounts(made, len(read) - made, created)


def _read_all(catalogue: Catalogue, lines: Iterable[Line], now: datetime, wrong: dict[str, str]) -> Iterator[_Read]:
    for line in lines:
        try:
            yield _read(catalogue, line, now)
        except Invalid as error:
            wrong[line.where] = " ".join(f"{field}: {reason}" for field, reason in error.fields.items())


def _read(catalogue: Catalogue, line: Line, now: datetime) -> _Read:
    fields, practice = line.fields, catalogue.practice
    wrong: dict[str, str] = {}
    service = _named(catalogue.services, fields, "service", wrong)
    practitioner = _named(catalogue.practitioners, fields, "practitioner", wrong)
    location = _named(catalogue.locations, fields, "location", wrong)
    if service is None or practitioner is None or location is None:
        raise Invalid(wrong)
    start, minutes = _start(fields["start"], location, wrong), _minutes(fields.get("minutes", ""), service, wrong)
    external_id = fields.get("external_id", "")
    if len(external_id) > LONGEST_ID or not external_id.isprintable():
        wrong["external_id"] = f"Enter at most {LONGEST_ID} characters in one line."
    note, person = "", None
    try:
        note = clients.prose(fields.get("note", ""), LONGEST_NOTE)
    except ValueError as error:
        wrong["note"] = str(error)
    try:
        form = ClientForm(**{name: fields.get(name, "") for name in PERSON})
        person = clients.read_form(form, practice.country, clients.today_of(practice, now))
    except Invalid as error:
        wrong |= error.fields
    if person is None or start is None or wrong:
        raise Invalid(wrong)
    own = fields.get("id") or f"{practitioner.slug} {start.isoformat()} {person.first_name} {person.last_name}"
    return _Read(
        line,
        hashlib.sha256(f"{practice.id} {own}".encode()).hexdigest()[:32],
        service,
        practitioner,
        location,
        start,
        minutes,
        person,
        external_id or None,
        note or None,
    )


def zone_of(session: Session, practice: Practice, location: str) -> ZoneInfo:
    """The time zone of a location, by its slug or name; raises :class:`Invalid` for one that isn't there."""
    wrong: dict[str, str] = {}
    found = _named(read_catalogue(session, practice).locations, {"location": location}, "location", wrong)
    if found is None:
        raise Invalid(wrong)
    return ZoneInfo(found.timezone)


def _named(rows: Sequence[Named], fields: Mapping[str, str], field: str, wrong: dict[str, str]) -> Named | None:
    wanted = fields.get(field, "").casefold()
    if not wanted and len(rows) == 1:
        return rows[0]
    found = next((row for row in rows if wanted in (row.slug, row.name.casefold())), None)
    if found is None:
        wrong[field] = f"The practice has none that is called so; it has {', '.join(row.slug for row in rows)}."
    return found


def _start(text: str, location: Location, wrong: dict[str, str]) -> datetime | None:
    """The instant; without an offset the time is the location's, and of a repeated hour the first."""
    told = "Enter a date and time, like 2026-11-24T09:00, on a full five minutes."
    try:
        read = datetime.fromisoformat(text)
        zone = ZoneInfo(location.timezone)
        start = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
        if len(text) < len("2026-11-24T09:00") or instant_of(tick_at(start)) != start:
            raise ValueError
        if read.tzinfo is None and start.astimezone(zone).replace(tzinfo=None) != read:
            told = "The clocks skip this time."
            raise ValueError
    except (ValueError, OverflowError):
        wrong["start"] = told
        return None
    return start


def _minutes(text: str, service: Service, wrong: dict[str, str]) -> int:
    if not text:
        return service.minutes
    minutes = int(text) if text.isdecimal() and len(text) < 6 else 0
    if minutes % TICK_MINUTES or not TICK_MINUTES <= minutes <= MOST_MINUTES:
        wrong["minutes"] = f"Enter a multiple of 5, from 5 to {MOST_MINUTES}."
    return minutes


def _there(session: Session, practice: Practice, ids: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        found |= set(
            session.exec(
                select(Appointment.id).where(Appointment.practice_id == practice.id, col(Appointment.id).in_(some))
            )
        )
    return found


def _known(session: Session, practice: Practice, one: _Read) -> Client | None:
    of_practice = select(Client).where(Client.practice_id == practice.id)
    if one.external_id:
        return known_by_id(session, practice, [one.external_id]).get(one.external_id)
    person = one.person
    namesakes = session.exec(
        of_practice.where(
            Client.first_name == person.first_name,
            Client.last_name == person.last_name,
            col(Client.archived_at).is_(None),
        ).order_by(col(Client.created_at), col(Client.id))
    )
    told = {value for value in (person.email, person.birth_date) if value}
    return next((client for client in namesakes if told & {client.email, client.birth_date}), None)


def _enter(session: Session, practice: Practice, one: _Read, client: Client, now: datetime) -> None:
    local = one.start.astimezone(ZoneInfo(one.location.timezone))
    appointment = Appointment(
        practice_id=practice.id,
        id=one.appointment_id,
        reference=new_reference(session, practice.id),
        status=Status.APPROVED,
        service_id=one.service.id,
        practitioner_id=one.practitioner.id,
        location_id=one.location.id,
        client_id=client.id,
        start=one.start,
        end=one.start + timedelta(minutes=one.minutes),
        local_start=local.replace(tzinfo=None, fold=0),
        timezone=one.location.timezone,
        fold=local.fold,
        note=one.note,
        lang=practice.locale,
        source=SOURCE,
        created_at=now,
        decided_at=now,
    )
    session.add(appointment)
    session.flush()
    claim_time(
        session,
        one.service,
        one.practitioner,
        one.location,
        one.start,
        Purpose.CURRENT,
        now,
        appointment=appointment,
        minutes=one.minutes,
    )
    audit.record(session, now, practice.id, ActorKind.SYSTEM, "appointment.imported", "appointment", appointment.id)
