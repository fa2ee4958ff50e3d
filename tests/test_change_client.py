"""Another client after approval: what went astray is shown, stopped where it can be, told, and written down."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from pencilin import addresses, clients, review
from pencilin.clients import ClientForm, personal_links
from pencilin.database import Database
from pencilin.errors import AlreadyDecided, Conflict, NotFound
from pencilin.mail.messages import Kind
from pencilin.models import Client, Disclosure, Link, PersonalLink, Practice
from pencilin.review import ConfirmTo, Repair
from pencilin.rules.states import Status
from tests.cast import KIM, KIM_MOVED, NOW, SAM, ZOE, willow
from tests.desk import Desk
from tests.screens import asked, everything, link_kim, press, row, signed_in
from tests.staff_site import Site, site

NEW = ClientForm("Kim", "Lee", "kim@new.example", "(212) 555-0199", "1990-01-01")
KIMS = "kim.lee@mail.example"


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    """At a practice that reminds clients, where Kim's file got a confirmation that was another Kim's."""
    database = Database(sqlite_url, clock=lambda: NOW)
    desk = Desk(database, database.write(lambda session, _: willow(session)))
    desk.do(lambda s: setattr(s.get_one(Practice, desk.cast.practice.id), "reminder_hours", [2]))
    return desk


def mixed_up(desk: Desk) -> str:
    made = desk.asked(KIM_MOVED)
    desk.link(made)
    desk.approve(made, ConfirmTo.FILED)
    desk.now += timedelta(minutes=1)
    desk.send_all()
    return made


def change(desk: Desk, made: str, chosen: str | ClientForm, repair: Repair, *, despite: bool = False) -> None:
    revision = desk.look(made).revision
    desk.do(
        lambda session: review.change_client(
            session, desk.cast.dana, made, chosen, repair, revision, desk.now, despite_match=despite
        )
    )


def reached(desk: Desk, made: str) -> dict[str | None, review.Reached]:
    with desk.database.read() as session:
        return {one.address: one for one in review.reached(session, desk.cast.dana, desk.look(made))}


def test_it_is_put_right_whole(desk: Desk) -> None:
    made = mixed_up(desk)
    seen = reached(desk, made)
    assert {one: found.mails for one, found in seen.items()} == {
        KIMS: ("Confirmation",),
        "kim@new.example": ("Request received",),
    }
    change(desk, made, NEW, Repair([seen[KIMS].id], apologise=True, confirm_to=ConfirmTo.FILED), despite=True)
    now = desk.look(made)
    assert (now.status, now.link_version) == (Status.APPROVED, 2)
    assert now.client_id not in (None, desk.cast.kim.id)
    assert desk.addressed(Kind.BY_MISTAKE) == [KIMS]
    assert [mail.recipient for mail in desk.mails(Kind.CONFIRMED) if mail.sent_at is None] == ["kim@new.example"]
    assert desk.addressed(Kind.VISIT_REMINDER) == ["kim@new.example"]
    with desk.database.read() as session:
        (disclosure,) = session.exec(select(Disclosure)).all()
        links = session.exec(select(Link).where(Link.appointment_id == made)).all()
    assert (disclosure.client_id, disclosure.mails) == (now.client_id, [seen[KIMS].id])
    assert sorted(link.removed_at is None for link in links) == [False, True]
    assert "appointment.client_changed" in desk.actions(made)
    # Whatever is told from now on is told to the right one alone.
    desk.do(lambda s: review.cancel(s, desk.cast.dana, made, now.revision, "", desk.now))
    assert desk.addressed(Kind.CANCELLED) == ["kim@new.example"]


def test_an_erased_address_stands_in_nobodys_way(desk: Desk) -> None:
    made = mixed_up(desk)
    change(desk, made, ClientForm("Kay", "Berg", "berg@far.example", "", ""), Repair())
    desk.do(lambda s: clients.erase(s, desk.cast.dana, desk.cast.kim.id, "Kim Lee", desk.now))
    desk.do(lambda s: review.cancel(s, desk.cast.dana, made, desk.look(made).revision, "", desk.now))
    assert desk.addressed(Kind.CANCELLED) == ["berg@far.example"]


def test_what_waits_for_the_wrong_address_never_leaves(desk: Desk) -> None:
    made = desk.asked(KIM_MOVED)
    desk.link(made)
    desk.approve(made, ConfirmTo.FILED)
    change(desk, made, NEW, Repair(), despite=True)
    assert desk.addressed(Kind.CONFIRMED) == [] and desk.addressed(Kind.VISIT_REMINDER) == []
    with desk.database.read() as session:
        assert session.exec(select(Disclosure)).all() == []


def test_a_file_that_was_made_for_it_alone_is_put_away_and_not_written_over(desk: Desk) -> None:
    made = desk.asked(ZOE)
    form = ClientForm("Zoë", "Ångström", "zoe@far.example", "", "")
    wrong = desk.do(lambda s: review.save_as_new(s, desk.cast.dana, made, form, 1, desk.now)).id
    desk.approve(made)
    change(desk, made, ClientForm("Zoe", "Berg", "berg@far.example", "", ""), Repair())
    assert desk.client(wrong).archived_at is not None and desk.client(wrong).last_name == "Ångström"
    assert desk.client(desk.look(made).client_id or "").last_name == "Berg"
    change(desk, made, desk.cast.kim.id, Repair())
    assert desk.look(made).client_id == desk.cast.kim.id


def test_a_personal_link_rests_while_its_file_is_put_away(desk: Desk) -> None:
    made = desk.asked(ZOE)
    form = ClientForm("Zoë", "Ångström", "zoe@far.example", "", "")

    def save() -> str:
        revision = desk.look(made).revision
        return desk.do(lambda s: review.save_as_new(s, desk.cast.dana, made, form, revision, desk.now)).id

    def works() -> bool:
        with desk.database.read() as session:
            return personal_links.works(session, desk.cast.practice, session.exec(select(PersonalLink.id)).one())

    file = save()
    desk.do(lambda s: personal_links.create(s, desk.cast.dana, file, desk.now))
    assert works()
    desk.do(lambda s: review.unlink(s, desk.cast.dana, made, desk.look(made).revision, desk.now))
    assert desk.client(file).archived_at is not None and not works()
    assert save() == file
    assert works()


@pytest.mark.parametrize("touched", [False, True])
def test_undoing_save_as_new_archives_unless_it_was_worked_on(desk: Desk, touched: bool) -> None:
    made = desk.asked(ZOE)
    form = ClientForm("Zoë", "Ångström", "zoe@far.example", "", "")
    file = desk.do(lambda s: review.save_as_new(s, desk.cast.dana, made, form, 1, desk.now)).id
    desk.approve(made)
    desk.now += timedelta(minutes=1)
    if touched:
        desk.do(lambda s: setattr(s.get_one(Client, (desk.cast.practice.id, file)), "updated_at", desk.now))
    desk.undo(made)
    desk.link(made)  # another client, straight away: the file it takes the place of goes, too
    assert (desk.client(file).archived_at is None) is touched


def test_what_is_refused(desk: Desk) -> None:
    made = mixed_up(desk)
    with pytest.raises(Conflict, match="linked already"):
        change(desk, made, desk.cast.kim.id, Repair())
    with pytest.raises(NotFound):
        change(desk, made, "nobody", Repair())
    waiting = desk.asked(SAM, desk.look(made).start + timedelta(hours=2))
    with pytest.raises(Conflict, match="Only an approved"):
        change(desk, waiting, desk.cast.kim.id, Repair())
    with pytest.raises(AlreadyDecided):
        desk.do(lambda s: review.change_client(s, desk.cast.dana, made, NEW, Repair(), 1, desk.now))


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


def test_links_that_went_to_the_wrong_person_stop_working(here: Site) -> None:
    dana, made, client = signed_in(here, "dana"), asked(here, KIM), here.browser("203.0.113.99")
    link_kim(here, dana, made)
    press(dana, made, "approval")
    paths = [
        urlsplit(url(here.config.base_url, here.links, row(here, made))).path
        for url in (addresses.manage_url, addresses.calendar_url)
    ]
    assert [client.get(path).status_code for path in paths] == [200, 200]
    address = f"/appointments/{made}/client-change"
    assert "Change client…" in dana.get(f"/appointments/{made}").text
    page = dana.get(f"{address}?client=new")
    fields = {"first_name": "Kay", "last_name": "Berg", "email": "", "phone": "", "birth_date": ""}
    refused = dana.submit(page, address, **fields, confirm_to="")
    assert refused.status_code == 422 and "Choose where the confirmation should go." in refused.text
    assert 'value="Kay"' in refused.text
    told = dana.follow(dana.submit(page, address, **fields, confirm_to="typed")).text
    assert "The client is changed. Earlier links no longer work." in told and "Kay Berg" in told
    assert "Changed to another client" in told
    assert [client.get(path).status_code for path in paths] == [404, 404]
    new = urlsplit(addresses.manage_url(here.config.base_url, here.links, row(here, made))).path
    assert client.get(new).status_code == 200


def test_the_search_finds_and_changes_nothing(here: Site) -> None:
    dana, made = signed_in(here, "dana"), asked(here, ZOE)
    address = f"/appointments/{made}/client-change"
    assert dana.get(address).headers["location"] == f"/appointments/{made}"
    dana.follow(dana.submit(dana.get(f"/appointments/{made}"), f"/appointments/{made}/client"))
    press(dana, made, "approval")
    before = everything(here)
    page = dana.submit(dana.get(address), f"{address}/clients", q="Kim Lee")
    assert f'href="{address}?client={here.cast.kim.id}"' in page.text
    assert "Where should the confirmation go?" in dana.get(f"{address}?client={here.cast.kim.id}").text
    assert everything(here) == before


def test_a_practitioner_chooses_among_their_own_files(here: Site) -> None:
    dana, ana, made = signed_in(here, "dana"), signed_in(here, "ana"), asked(here, ZOE)
    of_ben = asked(here, SAM, practitioner=here.cast.ben)
    dana.follow(dana.submit(dana.get(f"/appointments/{made}"), f"/appointments/{made}/client"))
    press(dana, made, "approval")
    address = f"/appointments/{made}/client-change"
    assert ana.get(f"/appointments/{of_ben}/client-change").status_code == 404
    assert ana.get(f"{address}?client={here.cast.kim.id}").status_code == 404
    page = ana.submit(ana.get(address), f"{address}/clients", q="Kim Lee")
    assert here.cast.kim.id not in page.text
