"""The main job by three people: a client on a phone, the mail, and the front desk; from a pasted line to *approved*.

Everything is real: the demo's practice website on another site, the server in a process of its own, an SMTP server that
the test runs, and browsers without a session.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from pencilin.database import Database
from pencilin.models import Appointment, Client, Link, LinkedAs, Outbox, TentativeClient
from pencilin.rules.states import Status
from tests.post_office import PostOffice, post_office
from tests.postbox import html_of
from tests.rig.demo import Demo, demo

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
MAIL_LEAVES_WITHIN = 120.0  # seconds: twenty to undo, and a slow machine
TENTATIVE = "rgb(200, 16, 46)"


@dataclass(frozen=True)
class Typed:
    """What a client types."""

    first_name: str
    last_name: str
    email: str
    phone: str
    born: tuple[str, str, str] | None = None


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


@pytest.fixture(scope="module")
def practice(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(
        tmp_path_factory.mktemp("demo"),
        PENCILIN_SMTP_URL=f"smtp+plain://127.0.0.1:{office.address.port}",
        PENCILIN_MAIL_FROM="booking@pencilin.example",
    ) as running:
        yield running


@pytest.fixture(scope="module")
def database(practice: Demo) -> Iterator[Database]:
    """The demo's, once the mails of its own requests have left: the next ones are the test's."""
    opened = Database(practice.database_url)
    deadline = time.monotonic() + MAIL_LEAVES_WITHIN
    while time.monotonic() < deadline:
        with opened.read() as session:
            if not session.exec(select(Outbox.id).where(col(Outbox.sent_at).is_(None))).all():
                break
        time.sleep(0.2)
    yield opened
    opened.close()


class Links(HTMLParser):
    """The addresses of a page's links by their text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._address = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._address = ""

    def handle_data(self, data: str) -> None:
        if self._address and data.strip():
            self.found[data.strip()] = self._address


def book(browser: Browser, practice: Demo, person: Typed) -> str:
    """The client, on a phone, on the practice's own website; gives the reference."""
    context = browser.new_context(viewport=PHONE, locale="en-US", timezone_id="America/New_York")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(practice.website)
    assert page.evaluate("location.hostname") == "localhost"
    page.get_by_role("button", name=re.compile("^First visit")).click()
    expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^\d+:\d\d [AP]M$")).first.click()
    form = page.frame_locator('iframe[title="Your details"]')
    expect(form.get_by_role("heading", name="Your details")).to_be_visible()
    form.get_by_role("radiogroup", name="Who is this appointment for?").get_by_label("Me", exact=True).check()
    labels = ("First name", "Last name", "Email", "Phone")
    for label, text in zip(labels, (person.first_name, person.last_name, person.email, person.phone), strict=True):
        form.get_by_label(label, exact=True).fill(text)
    if person.born:
        group = form.get_by_role("group", name="Date of birth")
        for part, value in zip(("Day", "Month", "Year"), person.born, strict=True):
            group.get_by_label(part).fill(value)
    form.get_by_label("I agree").check()
    form.get_by_role("button", name="Request appointment").click()
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    shown = form.locator("body").inner_text()
    context.close()
    found = re.search(r"\b[2-9A-HJ-NP-Z]{8}\b", shown)
    assert found
    return found.group()


def appointment_of(database: Database, reference: str) -> Appointment:
    with database.read() as session:
        return session.exec(select(Appointment).where(Appointment.reference == reference)).one()


def mail_to(office: PostOffice, recipient: str, subject: str, after: int = 0) -> EmailMessage:
    """The newest mail to ``recipient`` whose subject matches, waited for; of those after the first ``after`` ones."""
    deadline = time.monotonic() + MAIL_LEAVES_WITHIN
    while time.monotonic() < deadline:
        for mail in reversed(office.mails[after:]):
            if recipient in str(mail["To"]) and re.search(subject, str(mail["Subject"]), re.IGNORECASE):
                return mail
        time.sleep(0.2)
    raise AssertionError(f"no mail like {subject!r} to {recipient}, but {[str(m['Subject']) for m in office.mails]}")


def follow_the_mail(browser: Browser, practice: Demo, mail: EmailMessage) -> Page:
    """The front desk: *View appointment*, without a session, and through sign-in to the appointment."""
    context = browser.new_context(viewport=DESK, locale="en-US", timezone_id="America/New_York")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(Links(html_of(mail)).found["View appointment"])
    expect(page).to_have_url(re.compile("/login$"))
    page.get_by_label("Email").fill(practice.email)
    page.get_by_label("Password").fill(practice.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Edit Appointment")).to_be_visible()
    return page


def press(page: Page, name: str) -> None:
    """Presses it. *Approve* is there at once, but only says what is missing before the other has done its work."""
    button = page.get_by_role("button", name=name, exact=True)
    button.click()
    if name != "Approve":
        expect(button).to_have_count(0)


def sees_it_in_the_calendar(page: Page, appointment: Appointment, name: str) -> None:
    """Outlined in red, with the word, in the week of the appointment."""
    back = page.url
    page.goto(f"{page.url.split('/appointments')[0]}/calendar?view=week&date={appointment.local_start.date()}")
    event = page.get_by_role("button", name=re.compile(f"Tentative.*{re.escape(name)}")).or_(
        page.get_by_role("link", name=re.compile(f"Tentative.*{re.escape(name)}"))
    )
    expect(event).to_be_visible()
    expect(event).to_contain_text("Tentative")
    style = event.evaluate("e => { const s = getComputedStyle(e); return [s.outlineColor, s.borderTopColor] }")
    assert TENTATIVE in style
    expect(page.get_by_role("status").filter(has_text="to review")).to_contain_text(
        re.compile(r"\d+ tentative appointments? to review")
    )
    page.goto(back)


def decided(page: Page, first_name: str) -> None:
    expect(page.get_by_text(f"{first_name} will be emailed in")).to_be_visible()
    page.context.close()


def file_of(database: Database, appointment: Appointment) -> tuple[Client, Link]:
    with database.read() as session:
        row = session.get_one(Appointment, (appointment.practice_id, appointment.id))
        assert row.status is Status.APPROVED
        client = session.get_one(Client, (row.practice_id, row.client_id))
        link = session.exec(select(Link).where(Link.appointment_id == row.id, col(Link.removed_at).is_(None))).one()
    return client, link


def is_confirmed_by_mail(office: PostOffice, recipient: str, appointment: Appointment) -> None:
    """The confirmation arrives, names the time's zone, and brings a calendar file of that very time."""
    mail = mail_to(office, recipient, "confirmed")
    (calendar_file,) = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    content = calendar_file.get_payload(decode=True)
    assert isinstance(content, bytes)
    (event,) = icalendar.Calendar.from_ical(content).events
    assert (event.start, event.end) == (appointment.start, appointment.end)
    assert event.uid.startswith(appointment.id)


@pytest.fixture(scope="module")
def known(database: Database) -> list[Client]:
    """Two of the practice's clients who don't await an answer and whose files hold everything."""
    with database.read() as session:
        waiting = select(TentativeClient.last_name).join(Appointment).where(Appointment.status == Status.TENTATIVE)
        asked = set(session.exec(waiting))
        clients = session.exec(select(Client).order_by(Client.last_name, Client.first_name))
        return [one for one in clients if one.email and one.phone and one.birth_date and one.last_name not in asked][:2]


def typed_by(client: Client, **changes: str) -> Typed:
    born = client.birth_date
    assert born and client.email and client.phone
    parts = (str(born.day), str(born.month), str(born.year))
    return Typed(client.first_name, client.last_name, changes.get("email", client.email), client.phone, parts)


@pytest.mark.timeout(300)
def test_three_bookings_become_appointments(
    browser: Browser, practice: Demo, office: PostOffice, database: Database, known: list[Client]
) -> None:
    """An existing client, a wrong suggestion, a new client; then every confirmation arrives."""
    decisions = [
        an_existing_client(browser, practice, office, database, known),
        a_wrong_suggestion(browser, practice, office, database, known),
        a_new_client(browser, practice, office, database),
    ]
    for recipient, appointment in decisions:
        is_confirmed_by_mail(office, recipient, appointment)


def an_existing_client(
    browser: Browser, practice: Demo, office: PostOffice, database: Database, known: list[Client]
) -> tuple[str, Appointment]:
    person = typed_by(known[0])
    before = len(office.mails)
    appointment = appointment_of(database, book(browser, practice, person))
    received = mail_to(office, person.email, "request|received", before)
    assert "pencilin.example" in str(received["From"])
    told = mail_to(office, practice.email, "request|booking|appointment", before)
    for private in (person.first_name, person.last_name, "First visit"):
        assert private not in told.as_string()

    page = follow_the_mail(browser, practice, told)
    assert page.url.endswith(f"/appointments/{appointment.id}")
    expect(page.get_by_text("New Appointment · Tentative")).to_be_visible()
    sees_it_in_the_calendar(page, appointment, f"{person.first_name} {person.last_name}")
    expect(page.get_by_role("region", name="Tentative appointment")).to_contain_text("Same date of birth")
    press(page, "Link Existing Client")
    press(page, "Approve")
    decided(page, person.first_name)

    client, link = file_of(database, appointment)
    assert (client.id, link.linked_as) == (known[0].id, LinkedAs.EXISTING)
    return person.email, appointment


def a_wrong_suggestion(
    browser: Browser, practice: Demo, office: PostOffice, database: Database, known: list[Client]
) -> tuple[str, Appointment]:
    """The suggested client isn't the one: the cross, a search, another file, and where the confirmation goes."""
    suggested, right = known
    person = typed_by(suggested, email="written.by.mistake@mail.example")
    before = len(office.mails)
    appointment = appointment_of(database, book(browser, practice, person))
    page = follow_the_mail(browser, practice, mail_to(office, practice.email, "request|booking|appointment", before))
    press(page, f"Unlink {suggested.first_name} {suggested.last_name}")
    search = page.get_by_role("combobox", name="Search clients")
    search.press_sequentially(f"{right.first_name} {right.last_name}", delay=20)
    page.get_by_role("option", name=f"{right.first_name} {right.last_name}").first.click()
    press(page, "Link Existing Client")
    press(page, "Approve")  # which says that an address must be chosen
    expect(page.get_by_text("Where should the confirmation go?")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Typed")).check()
    press(page, "Approve")
    expect(page.get_by_text("will be emailed in")).to_be_visible()
    page.context.close()

    client, _ = file_of(database, appointment)
    assert client.id == right.id
    assert (client.email, client.phone) == (right.email, right.phone)  # nothing typed went into the file
    return person.email, appointment


def a_new_client(browser: Browser, practice: Demo, office: PostOffice, database: Database) -> tuple[str, Appointment]:
    person = Typed("Séraphine", "O’Quigley-Wu", "seraphine@post.example", "+1 212 555 0188", ("29", "2", "1988"))
    before = len(office.mails)
    appointment = appointment_of(database, book(browser, practice, person))
    page = follow_the_mail(browser, practice, mail_to(office, practice.email, "request|booking|appointment", before))
    press(page, "Save As New Client")
    press(page, "Approve")
    decided(page, person.first_name)

    client, link = file_of(database, appointment)
    assert (client.first_name, client.last_name, link.linked_as) == ("Séraphine", "O’Quigley-Wu", LinkedAs.NEW)
    assert client.birth_date and client.birth_date.isoformat() == "1988-02-29"
    return person.email, appointment
