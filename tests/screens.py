"""The dashboard as people of the cast meet it: signed in, with requests that somebody made before."""

from datetime import timedelta

from httpx2 import Response
from sqlmodel import Session, select

from pencilin.booking import Booker, Person
from pencilin.models import Appointment, AuditEntry, Client, Outbox, Practitioner
from tests.cast import KIM, NINE, ask
from tests.staff_site import Browser, Site


def signed_in(here: Site, name: str) -> Browser:
    """The browser of ``dana``, ``mona`` or ``ana``."""
    browser = here.browser()
    assert browser.sign_in(f"{name}@willow.example").status_code == 303
    return browser


def asked(
    here: Site,
    person: Person = KIM,
    hours: float = 0,
    practitioner: Practitioner | None = None,
    booked_by: Booker | None = None,
) -> str:
    """The id of a request for a first visit on Tuesday, so many hours after nine, with Ana or somebody else."""
    start = NINE + timedelta(hours=hours)
    return here.database.write(
        lambda session, _: (
            ask(session, here.cast, person, start, practitioner=practitioner, booked_by=booked_by, now=here.now).id
        )
    )


def row(here: Site, appointment: str) -> Appointment:
    """The appointment as it is stored."""
    with here.database.read() as session:
        return session.get_one(Appointment, (here.cast.practice.id, appointment))


def press(browser: Browser, appointment: str, noun: str, **fields: str) -> Response:
    """Sends the form that goes to ``noun``, as it stands on the page, and gives the page that it leads to."""
    page = browser.get(f"/appointments/{appointment}")
    return browser.follow(browser.submit(page, f"/appointments/{appointment}/{noun}", **fields))


def link_kim(here: Site, browser: Browser, appointment: str) -> Response:
    """Confirms the suggestion."""
    return press(browser, appointment, "link", client=here.cast.kim.id)


def everything(here: Site) -> list[str]:
    """All that a decision could change, to be compared."""

    def dump(session: Session) -> list[str]:
        kinds = (Appointment, Client, Outbox, AuditEntry)
        return [repr(one.model_dump()) for kind in kinds for one in session.exec(select(kind)).all()]

    with here.database.read() as session:
        return dump(session)
