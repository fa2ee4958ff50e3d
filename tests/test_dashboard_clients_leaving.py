"""Clients leave the dashboard: the list, all that is held of one, and one for good."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import SQLModel, select

from pencilin import clients, review
from pencilin.booking import Booker
from pencilin.clients import ClientForm, Notes
from pencilin.database import Database
from pencilin.mail.messages import Kind
from pencilin.models import AuditEntry, Client, Outbox
from pencilin.review import ConfirmTo, Repair
from pencilin.rules.states import Status
from tests.cast import KIM_MOVED
from tests.desk import Desk
from tests.screens import asked, link_kim, press, row, signed_in
from tests.staff_site import Browser, Forms, Site, site

HEADER = "first_name,last_name,email,phone,birth_date,external_id,notes"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def mona(here: Site) -> Browser:
    return signed_in(here, "mona")


def filed(here: Site, *form: str) -> str:
    return here.database.write(lambda session, now: clients.create(session, here.cast.mona, ClientForm(*form), now).id)


def actions(here: Site) -> list[str]:
    with here.database.read() as session:
        return list(session.exec(select(AuditEntry.action)))


def seen_by_ben(here: Site, mona: Browser) -> str:
    """A request of Kim's, booked by her mother, approved, and over."""
    appointment = asked(here, booked_by=Booker("Jo", "Lee", "mother"))
    link_kim(here, mona, appointment)
    press(mona, appointment, "approval")
    here.later(days=3)
    return appointment


def everything(here: Site) -> str:
    """All that the database holds of the practice, as one text."""
    with here.database.read() as session:
        rows = [row for table in SQLModel.metadata.sorted_tables for row in session.execute(table.select())]
    return "\n".join(repr(row) for row in rows if here.cast.practice.id in row)


# The list


def test_the_list_is_a_table_that_spreadsheets_read_as_text_and_the_import_reads_again(
    here: Site, mona: Browser
) -> None:
    filed(here, "=HYPERLINK(1)", "Ångström", "", "", "", "Two\nlines, and a comma")
    answer = mona.submit(mona.get("/clients"), "/clients/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="clients-2026-11-23.csv"'
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff" + HEADER)
    assert "'=HYPERLINK(1),Ångström" in text and "kim.lee@mail.example,'+1 212 555 0147,1985-03-24" in text
    assert "client.list_exported" in actions(here)
    birch = here.other.practice
    here.database.write(lambda session, now: clients.import_csv(session, birch, io.StringIO(text, newline=""), now))
    with here.database.read() as session:
        imported = {one.last_name: one for one in session.exec(select(Client).where(Client.practice_id == birch.id))}
    assert imported["Ångström"].first_name == "=HYPERLINK(1)"
    assert imported["Ångström"].notes == "Two\nlines, and a comma"


def test_the_list_is_exported_as_it_is_narrowed_down_and_by_the_desk_only(here: Site, mona: Browser) -> None:
    filed(here, "Pat", "Never")
    assert mona.submit(mona.get("/clients"), "/clients/export", archived="1").text.splitlines() == ["\ufeff" + HEADER]
    ana = signed_in(here, "ana")
    token = {"csrf": Forms(ana.get("/clients").text).forms["/clients"]["csrf"]}
    assert "/clients/export" not in ana.get("/clients").text
    for address in ("/clients/export", f"/clients/{here.cast.kim.id}/export", f"/clients/{here.cast.kim.id}/erasure"):
        assert ana.post(address, token).status_code == 403
    dana = signed_in(here, "dana")
    assert dana.get(f"/clients/{here.cast.kim.id}/erasure").status_code == 403


# One client


def test_all_that_is_held_of_one_client(here: Site, mona: Browser) -> None:
    appointment = seen_by_ben(here, mona)
    mona = signed_in(here, "mona")
    kim = f"/clients/{here.cast.kim.id}"
    answer = mona.submit(mona.get(kim), f"{kim}/export")
    assert answer.headers["content-type"] == "application/zip" and "Kim" not in answer.headers["content-disposition"]
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    held, page = json.loads(packed.read("client.json")), packed.read("client.html").decode()
    assert held["client"]["email"] == "kim.lee@mail.example"
    (visit,) = held["appointments"]
    assert visit["id"] == appointment and visit["practitioner"] == "Ana Ruiz"
    assert visit["booked_by"]["relationship"] == "mother" and visit["typed"]["phone"] == "(212) 555-0147"
    assert "kim.lee@mail.example" in {mail["to"] for mail in visit["mails"]}
    for words in ("Kim Lee", "mother", "(212) 555-0147", "First visit"):
        assert words in page
    assert "client.exported" in actions(here)


def test_a_client_with_appointments_to_come_is_not_erased(here: Site, mona: Browser) -> None:
    appointment = asked(here)
    link_kim(here, mona, appointment)
    address = f"/clients/{here.cast.kim.id}/erasure"
    page = mona.get(address)
    assert f'href="/appointments/{appointment}"' in page.text and "Erase for good" not in page.text
    csrf = {"csrf": Forms(mona.get("/clients").text).forms["/clients"]["csrf"], "name": "Kim Lee"}
    assert mona.post(address, csrf).status_code == 409
    assert mona.get(f"/clients/{here.cast.kim.id}").status_code == 200


def test_mail_of_an_appointment_that_is_somebody_elses_since_forgets_the_erased_client(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(database, monkeypatch)
    desk = Desk(database, here.cast)
    made = desk.asked(KIM_MOVED)
    desk.link(made)
    desk.approve(made, ConfirmTo.FILED)
    desk.now = here.now = here.now + timedelta(minutes=1)
    desk.send_all()
    kim, mona = here.cast.kim.id, here.cast.mona
    form = ClientForm("Kim", "Lee", "kim@new.example", "(212) 555-0199", "1990-01-01")
    desk.do(
        lambda session: review.change_client(
            session, mona, made, form, Repair(), desk.look(made).revision, desk.now, despite_match=True
        )
    )
    # The address on file when the mail left isn't the one when the file is erased.
    desk.do(lambda session: setattr(session.get_one(Client, (here.cast.practice.id, kim)), "email", "new@kim.example"))
    assert "kim.lee@mail.example" in everything(here)
    desk.do(lambda session: clients.erase(session, mona, kim, "Kim Lee", desk.now))
    held = everything(here)
    assert "kim.lee@mail.example" not in held and "new@kim.example" not in held
    assert desk.addressed(Kind.REQUEST_RECEIVED) == ["kim@new.example"]
    page = signed_in(here, "dana").get(f"/appointments/{made}").text
    assert "an address that was erased" in page and "kim@new.example" in page
    reached = desk.do(lambda session: review.reached(session, mona, desk.look(made)))
    assert [one.address for one in reached] == ["kim@new.example"]


def test_an_erased_client_is_gone_and_their_appointments_stay(here: Site, mona: Browser) -> None:
    appointment = seen_by_ben(here, mona)
    other = filed(here, "Kimberly", "Lee", "kimberly@mail.example", "", "", "Her other file.")
    kim, dana = here.cast.kim.id, here.cast.dana

    here.database.write(
        lambda session, now: clients.merge(
            session,
            dana,
            kim,
            other,
            ["email"],
            Notes.BOTH,
            clients.seen(clients.find(session, dana, kim), clients.find(session, dana, other)),
            now,
        )
    )
    mona = signed_in(here, "mona")
    before = row(here, appointment)
    address = f"/clients/{kim}/erasure"
    refused = mona.submit(mona.get(address), address, name="Kim Li")
    assert refused.status_code == 422 and 'value="Kim Li"' in refused.text
    told = mona.follow(mona.submit(refused, address, name=" kim lee "))
    assert "The client is erased." in told.text
    after = row(here, appointment)
    assert (after.start, after.service_id, after.practitioner_id, after.status) == (
        before.start,
        before.service_id,
        before.practitioner_id,
        Status.APPROVED,
    )
    assert mona.get(f"/clients/{kim}").status_code == mona.get(f"/clients/{other}").status_code == 404
    assert "Erased client" in mona.get(f"/appointments/{appointment}").text
    assert kim not in mona.get("/clients?archived=1").text
    held = everything(here)
    for secret in ("kim.lee@mail.example", "kimberly", "(212) 555-0147", "mother", "Her other file"):
        assert secret not in held
    with here.database.read() as session:
        assert all(mail.sent_at or mail.cancelled_at for mail in session.exec(select(Outbox)) if not mail.staff_id)
    assert actions(here).count("client.erased") == 2
