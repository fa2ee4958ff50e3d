"""Services, as Settings → Services adds, changes and archives them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session, col, func, select

from pencilin import audit
from pencilin.catalogue import read_catalogue
from pencilin.models import (
    Appointment,
    Approval,
    BookableBy,
    Location,
    Practice,
    Practitioner,
    Service,
    ServiceLocation,
    ServicePractitioner,
    Staff,
    new_id,
)
from pencilin.practices import forms, offers, ordering
from pencilin.practices.profile import lock_all
from pencilin.practices.shapes import Name, ServiceTable
from pencilin.rules.states import Status

NUMBERS = ("minutes", "buffer_before", "buffer_after", "step")
FIELDS = (
    "name", *NUMBERS, "price", "description", "colour", "booking", "approval", "practitioners", "locations",
)  # fmt: skip


class ServiceForm(ServiceTable):
    """The service's own table, with what its form always sends."""

    name: Name
    approval: Literal["review", "personal_link"]


def fields(session: Session, service: Service) -> dict[str, str]:
    """What the form shows; several practitioners or locations stand on a line each."""
    practice = session.get_one(Practice, service.practice_id)
    who = session.exec(
        select(ServicePractitioner.practitioner_id).where(
            ServicePractitioner.practice_id == practice.id, ServicePractitioner.service_id == service.id
        )
    ).all()
    where = session.exec(
        select(ServiceLocation.location_id).where(
            ServiceLocation.practice_id == practice.id, ServiceLocation.service_id == service.id
        )
    ).all()
    catalogue = read_catalogue(session, practice)
    shown = {name: getattr(service, name) for name in FIELDS[:-2]}
    return {name: "" if value is None else str(value) for name, value in shown.items()} | {
        "practitioners": "\n".join(one.slug for one in catalogue.practitioners if one.id in who),
        "locations": "\n".join(one.slug for one in catalogue.locations if one.id in where),
    }


def blank(session: Session, practice: Practice) -> dict[str, str]:
    """The form of a new one, which everybody gives everywhere unless something else is chosen."""
    catalogue = read_catalogue(session, practice)
    usual = {"minutes": "30", "buffer_before": "0", "buffer_after": "0"}
    chosen = {
        "booking": BookableBy.EVERYONE.value,
        "approval": Approval.REVIEW.value,
        "practitioners": "\n".join(one.slug for one in catalogue.practitioners),
        "locations": "\n".join(one.slug for one in catalogue.locations),
    }
    return dict.fromkeys(FIELDS, "") | usual | chosen


def add(session: Session, staff: Staff, values: Mapping[str, str], now: datetime) -> Service:
    """A new service. Raises :class:`Invalid`."""
    practice = forms.practice_of(session, staff)
    table = _checked(values)
    service = Service(
        practice_id=practice.id,
        id=new_id(),
        slug=ordering.new_slug(session, Service, practice, values["name"]),
        position=ordering.last_position(session, Service, practice),
        **_columns(table),
    )
    session.add(service)
    session.flush()
    _give(session, service, table)
    audit.record(session, now, practice.id, staff, "service.added", "service", service.id, list(FIELDS))
    return service


def save(session: Session, staff: Staff, service: Service, values: Mapping[str, str], now: datetime) -> list[str]:
    """Stores what was typed, and gives the names of what changed. Raises :class:`Invalid`.

    Appointments that are booked stay as long as they are.
    """
    table = _checked(values)
    lock_all(session, service.practice_id)
    changed = forms.given(service, _columns(table)) + _give(session, service, table)
    if changed:
        audit.record(session, now, staff.practice_id, staff, "service.changed", "service", service.id, changed)
    return changed


def archive(session: Session, staff: Staff, service: Service, now: datetime) -> None:
    """Offers it no more; appointments that are made stay as they are."""
    if service.archived_at is None:
        lock_all(session, service.practice_id)
        service.archived_at = now
        audit.record(session, now, staff.practice_id, staff, "service.archived", "service", service.id)


def restore(session: Session, staff: Staff, service: Service, now: datetime) -> None:
    """Offers it again, as it was."""
    if service.archived_at is not None:
        lock_all(session, service.practice_id)
        service.archived_at = None
        audit.record(session, now, staff.practice_id, staff, "service.restored", "service", service.id)


def coming(session: Session, service: Service, now: datetime) -> int:
    """How many appointments of it are still to come."""
    return session.exec(
        select(func.count()).where(
            Appointment.practice_id == service.practice_id,
            Appointment.service_id == service.id,
            Appointment.start > now,
            col(Appointment.status).in_([Status.TENTATIVE, Status.APPROVED]),
        )
    ).one()


def _checked(values: Mapping[str, str]) -> ServiceForm:
    numbers = {name: forms.number(values[name]) for name in NUMBERS}
    for name in NUMBERS[1:]:
        # None typed is none wanted; for the step, the practice's own.
        numbers[name] = 0 if values[name] == "" else numbers[name]
    lists = {name: values[name].split() for name in ("practitioners", "locations")}
    return forms.checked(ServiceForm, {**values, **numbers, **lists, "slug": "service"})


def _columns(table: ServiceForm) -> dict[str, Any]:
    values = table.mentioned("slug", "practitioners", "locations")
    kinds = {"booking": BookableBy(str(table.booking)), "approval": Approval(table.approval)}
    return values | kinds | {"step": table.step or None}


def _give(session: Session, service: Service, table: ServiceForm) -> list[str]:
    """Who gives it, and where. What is archived keeps its part in it, and has it again once it is restored."""
    of_practice = service.practice_id
    who = session.exec(select(Practitioner).where(Practitioner.practice_id == of_practice)).all()
    where = session.exec(select(Location).where(Location.practice_id == of_practice)).all()
    by = session.exec(
        select(ServicePractitioner.practitioner_id).where(
            ServicePractitioner.practice_id == of_practice, ServicePractitioner.service_id == service.id
        )
    ).all()
    at = session.exec(
        select(ServiceLocation.location_id).where(
            ServiceLocation.practice_id == of_practice, ServiceLocation.service_id == service.id
        )
    ).all()
    changed = []
    if offers.give_by(session, service, _wanted(who, table.practitioners or (), by)):
        changed.append("practitioners")
    if offers.give_at(session, service, _wanted(where, table.locations or (), at)):
        changed.append("locations")
    return changed


def _wanted(
    rows: Sequence[Practitioner] | Sequence[Location], slugs: Collection[str], had: Collection[str]
) -> set[str]:
    return {row.id for row in rows if (row.slug in slugs if row.archived_at is None else row.id in had)}
