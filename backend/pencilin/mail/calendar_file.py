"""The calendar file of an appointment, or of several (RFC 5545), for every calendar that people use.

It is published, not an invitation: an invitation would ask for an answer that nobody reads. UID and URL are ours, so
that a later file replaces the earlier one and nothing that somebody typed stands in for them. Times name their zone
and bring its rules; where a clock shows one time twice, which such a file can't tell apart, they are in UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address

from icalendar import Calendar, Event, vCalAddress, vText

from pencilin import wording
from pencilin.mail.visits import Visit
from pencilin.models import LocationKind
from pencilin.rules.states import Status

# How much of a zone's history the file brings: the clock changes before and after.
AROUND = timedelta(days=370)
PRODUCT = "-//Pencilin//Pencilin//EN"
STATUS = {Status.TENTATIVE: "TENTATIVE", Status.APPROVED: "CONFIRMED", Status.COMPLETED: "CONFIRMED"}


def calendar_file(
    visits: Sequence[tuple[str, Visit]],
    status: Status,
    *,
    practice_name: str,
    organizer: str | None,
    url: str,
    language: str,
    now: datetime,
    withdrawn: bool = False,
) -> bytes:
    """The file, with an event for each of ``visits``, which are appointments' ids and facts, at least one.

    ``organizer`` is an email address; ``withdrawn`` takes an earlier file out of the calendar again.

    ``url`` is a public page, never the client's own: calendars are shared with families and colleagues. ``language`` is
    a bare code (``en``), of the texts.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method(withdrawn, len(visits)))
    for appointment_id, visit in visits:
        event = Event()
        event.add("uid", f"{appointment_id}@pencilin")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("sequence", visit.sequence)
        start, end = _times(visit)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", _summary(practice_name, status, language))
        event.add("description", _description(visit, language))
        event.add("location", visit.where)
        event.add("url", url)
        event.add("status", "CANCELLED" if withdrawn else STATUS.get(status, "CANCELLED"))
        event.add("class", "PRIVATE")
        if organizer:
            event["organizer"] = _organizer(practice_name, organizer)
        calendar.add_component(event)
    # Its default of seventy years takes 30 times as long to read.
    first, last = min(visit.start for _, visit in visits), max(visit.end for _, visit in visits)
    calendar.add_missing_timezones(first.date() - AROUND, last.date() + AROUND)
    content: bytes = calendar.to_ical()
    return content


def method(withdrawn: bool, events: int) -> str:
    """What the file asks of a calendar; the mail's ``text/calendar`` part repeats it.

    Several events can't be taken back by CANCEL, which is for one of them (RFC 5546, 3.2.5): there the status says it.
    """
    return "CANCEL" if withdrawn and events == 1 else "PUBLISH"


def _times(visit: Visit) -> tuple[datetime, datetime]:
    start, end = visit.start.astimezone(visit.zone), visit.end.astimezone(visit.zone)
    if any(moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset() for moment in (start, end)):
        return visit.start.astimezone(UTC), visit.end.astimezone(UTC)
    return start, end


def _summary(practice_name: str, status: Status, language: str) -> str:
    return _text(language, "request" if status == Status.TENTATIVE else "appointment").format(practice=practice_name)


def _description(visit: Visit, language: str) -> str:
    lines = [_text(language, "with").format(practitioner=visit.practitioner)]
    if visit.location_kind == LocationKind.VIDEO and visit.join_url:
        lines.append(_text(language, "join").format(url=visit.join_url))
    return "\n".join([*lines, _text(language, "about")])


def _text(language: str, name: str) -> str:
    return wording.text(language, "calendar", name, folder=wording.MAIL)


def _organizer(name: str, email: str) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{Address(addr_spec=email).addr_spec}")
    organizer.params["cn"] = vText(name)
    return organizer
