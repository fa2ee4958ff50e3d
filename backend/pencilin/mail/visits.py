"""What a mail or a calendar file tells about an appointment: when, with whom, where. Never for whom or why."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin.models import Appointment, Location, LocationKind, Practitioner, Reservation, WhoCalls

Payload = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Visit:
    """The facts of an appointment at one moment, as text that needs no other row.

    ``join_url`` is known only once the appointment is approved. ``sequence`` grows with each change.
    ``who_calls`` is set where the visit is by phone.
    """

    start: datetime
    end: datetime
    timezone: str
    answer_due: datetime | None
    practitioner: str
    location: str
    location_kind: LocationKind
    address: str | None
    join_url: str | None
    lang: str
    sequence: int
    who_calls: WhoCalls | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the time was agreed."""
        return ZoneInfo(self.timezone)

    @property
    def where(self) -> str:
        """Place and address, or the link to join, in one line."""
        if self.location_kind == LocationKind.VIDEO:
            return self.join_url or self.location
        return ", ".join([self.location, *(line.strip() for line in (self.address or "").splitlines())])

    def payload(self) -> Payload:
        """The same as JSON can hold it; :func:`read` is the inverse."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "timezone": self.timezone,
            "answer_due": self.answer_due.isoformat() if self.answer_due else None,
            "practitioner": self.practitioner,
            "location": self.location,
            "location_kind": self.location_kind.value,
            "address": self.address,
            "join_url": self.join_url,
            "lang": self.lang,
            "sequence": str(self.sequence),
            "who_calls": self.who_calls.value if self.who_calls else None,
        }


def visit_of(session: Session, appointment: Appointment, *, approved: bool) -> Visit:
    """The facts of an appointment as it is now."""
    practitioner = session.get_one(Practitioner, (appointment.practice_id, appointment.practitioner_id))
    location = session.get_one(Location, (appointment.practice_id, appointment.location_id))
    return Visit(
        start=appointment.start.astimezone(UTC),
        end=appointment.end.astimezone(UTC),
        timezone=appointment.timezone,
        answer_due=appointment.answer_due.astimezone(UTC) if appointment.answer_due else None,
        practitioner=practitioner.name,
        location=location.name,
        location_kind=location.kind,
        address=location.address,
        join_url=location.join_url if approved and location.kind == LocationKind.VIDEO else None,
        lang=appointment.lang,
        sequence=appointment.revision,
        who_calls=_who_calls(location),
    )


def visit_proposed(session: Session, appointment: Appointment, time: Reservation) -> Visit:
    """The facts of an appointment as it would be at a time that is held for it."""
    location = session.get_one(Location, (appointment.practice_id, time.location_id))
    practitioner = session.get_one(Practitioner, (appointment.practice_id, time.practitioner_id))
    return replace(
        visit_of(session, appointment, approved=False),
        start=time.start.astimezone(UTC),
        end=time.end.astimezone(UTC),
        timezone=location.timezone,
        practitioner=practitioner.name,
        location=location.name,
        location_kind=location.kind,
        address=location.address,
        who_calls=_who_calls(location),
    )


def read(payload: Payload) -> Visit:
    """The facts that were queued with a mail. Raises ``KeyError`` or ``ValueError`` for a payload of another kind."""
    due, who_calls = payload["answer_due"], payload.get("who_calls")  # older rows don't say
    return Visit(
        start=datetime.fromisoformat(_text(payload, "start")),
        end=datetime.fromisoformat(_text(payload, "end")),
        timezone=_text(payload, "timezone"),
        answer_due=datetime.fromisoformat(due) if due else None,
        practitioner=_text(payload, "practitioner"),
        location=_text(payload, "location"),
        location_kind=LocationKind(_text(payload, "location_kind")),
        address=payload["address"],
        join_url=payload["join_url"],
        lang=_text(payload, "lang"),
        sequence=int(_text(payload, "sequence")),
        who_calls=WhoCalls(who_calls) if who_calls else None,
    )


def _who_calls(location: Location) -> WhoCalls | None:
    return location.who_calls if location.kind == LocationKind.PHONE else None


def _text(payload: Payload, name: str) -> str:
    value = payload[name]
    if value is None:
        raise ValueError(f"{name} is missing")
    return value
