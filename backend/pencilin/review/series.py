"""A series: the appointments that staff made by one repeat, and calling off those that are still to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, and_, col, select

from pencilin.errors import Invalid, NotFound
from pencilin.models import Appointment, Practitioner, Staff, new_id
from pencilin.review import outcomes
from pencilin.review.access import find, visible_to
from pencilin.rules.states import Status


@dataclass(frozen=True, slots=True)
class OfSeries:
    """One of a series; ``start`` is UTC. ``this``: whose series was asked for; ``is_past``: it has begun."""

    appointment_id: str
    revision: int
    start: datetime
    timezone: str
    status: Status
    practitioner: str
    this: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class Series:
    """All of a series that the reader may see, the earliest first.

    ``to_cancel`` are those that can be called off together: this one and the later ones, as far as they are approved
    and haven't begun. ``waiting`` are later ones that wait for a decision, since the client moved them.
    """

    all: tuple[OfSeries, ...]
    to_cancel: tuple[OfSeries, ...]
    waiting: tuple[OfSeries, ...]

    @property
    def has_later(self) -> bool:
        """Whether there is anything to call off besides this one."""
        return any(not one.this for one in self.to_cancel)


def read_series(session: Session, staff: Staff, appointment: Appointment, now: datetime) -> Series | None:
    """The series that an appointment is one of; None where it is of none, or nothing else of it may be seen."""
    if appointment.series_id is None:
        return None
    rows = session.exec(
        select(Appointment, Practitioner.name)
        .join(
            Practitioner,
            and_(
                col(Practitioner.practice_id) == Appointment.practice_id,
                col(Practitioner.id) == Appointment.practitioner_id,
            ),
        )
        .where(visible_to(staff), Appointment.series_id == appointment.series_id)
        .order_by(col(Appointment.start), col(Appointment.id))
    )
    found = tuple(
        OfSeries(one.id, one.revision, one.start, one.timezone, one.status, name, one is appointment, one.start <= now)
        for one, name in rows
    )
    later = [one for one in found if one.start >= appointment.start and not one.is_past]
    of = {status: tuple(one for one in later if one.status is status) for status in Status}
    return Series(found, of[Status.APPROVED], of[Status.TENTATIVE]) if len(found) > 1 else None


def cancel_series(
    session: Session,
    staff: Staff,
    appointment_id: str,
    shown: Mapping[str, int],
    message: str,
    now: datetime,
    *,
    tell: bool = True,
) -> None:
    """Cancels those of an appointment's series that were ``shown``, by id with the revision that was seen.

    All or none, each as :func:`outcomes.cancel` does and raises; the client is told of all in one mail.
    """
    group = new_id()
    for one in _of_series(session, staff, appointment_id, shown):
        outcomes.cancel(session, staff, one, shown[one], message, now, tell=tell, group_id=group)


def restore_series(
    session: Session, staff: Staff, appointment_id: str, shown: Mapping[str, int], now: datetime
) -> None:
    """Takes back what :func:`cancel_series` did, all or none; raises as :func:`outcomes.undo` does."""
    group = new_id()
    for one in _of_series(session, staff, appointment_id, shown):
        outcomes.undo(session, staff, one, shown[one], now, group_id=group)


def _of_series(session: Session, staff: Staff, appointment_id: str, shown: Mapping[str, int]) -> list[str]:
    """The ids in the order of time. Raises :class:`NotFound` for one that isn't of the series, or not to be seen, and
    :class:`Invalid` for none."""
    series_id = find(session, staff, appointment_id).series_id
    if not shown:
        raise Invalid(message="The form was incomplete, so nothing was changed. Please try again.")
    found = sorted((find(session, staff, one) for one in shown), key=lambda one: (one.start, one.id))
    if series_id is None or any(one.series_id != series_id for one in found):
        raise NotFound
    return [one.id for one in found]
