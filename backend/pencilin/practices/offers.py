"""Which practitioners give a service, and at which locations."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from pencilin.models import Location, Practitioner, Service, ServiceLocation, ServicePractitioner
from pencilin.practices.drafts import Draft
from pencilin.practices.shapes import ServiceTable


def write(draft: Draft, tables: Sequence[ServiceTable]) -> None:
    """Writes both lists of each service. A new service that doesn't mention one is given by all, and everywhere."""
    for number, table in enumerate(tables):
        service = draft.services[table.slug]
        is_new = f"service.{table.slug}" in draft.added
        who = _wanted(draft, number, "practitioners", table.practitioners, draft.practitioners, is_new)
        if who is not None and give_by(draft.session, service, who):
            draft.changed.append(f"service.{service.slug}.practitioners")
        where = _wanted(draft, number, "locations", table.locations, draft.locations, is_new)
        if where is not None and give_at(draft.session, service, where):
            draft.changed.append(f"service.{service.slug}.locations")


def _wanted(
    draft: Draft,
    number: int,
    key: str,
    slugs: Collection[str] | None,
    rows: Mapping[str, Practitioner] | Mapping[str, Location],
    is_new: bool,
) -> set[str] | None:
    """Ids of the rows that the list names; None: it stays as it is."""
    if slugs is None:
        return {row.id for row in rows.values() if row.archived_at is None} if is_new else None
    for slug in slugs:
        if slug not in rows:
            draft.refusals.add(("service", number, key), f"{slug} is none of the practice's {key}")
    return {rows[slug].id for slug in slugs if slug in rows}


def give_by(session: Session, service: Service, ids: set[str]) -> bool:
    """Makes these practitioners the ones who give the service; whether that is news."""
    kind = ServicePractitioner
    of_service = (col(kind.practice_id) == service.practice_id, col(kind.service_id) == service.id)
    if set(session.exec(select(kind.practitioner_id).where(*of_service))) == ids:
        return False
    session.execute(delete(kind).where(*of_service))
    session.add_all(kind(practice_id=service.practice_id, service_id=service.id, practitioner_id=one) for one in ids)
    return True


def give_at(session: Session, service: Service, ids: set[str]) -> bool:
    """Makes these locations the ones where the service is given; whether that is news."""
    kind = ServiceLocation
    of_service = (col(kind.practice_id) == service.practice_id, col(kind.service_id) == service.id)
    if set(session.exec(select(kind.location_id).where(*of_service))) == ids:
        return False
    session.execute(delete(kind).where(*of_service))
    session.add_all(kind(practice_id=service.practice_id, service_id=service.id, location_id=one) for one in ids)
    return True
