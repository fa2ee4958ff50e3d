"""Settings → Staff: invitations, roles, what ends at once, and that a practice always keeps a manager."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from pencilin.accounts import devices, staffing
from pencilin.database import Database
from pencilin.errors import Invalid
from pencilin.models import AuditEntry, Outbox, Practice, RememberedDevice, Role, SignedIn, Staff
from tests.cast import NOW, staff, willow
from tests.screens import signed_in
from tests.staff_site import Site, site

STAFF = "/settings/staff"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def stored(here: Site, member: Staff) -> Staff:
    with here.database.read() as session:
        return session.get_one(Staff, (member.practice_id, member.id))


def actions(here: Site) -> list[str]:
    with here.database.read() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action != "staff.signed_in"))
        return [f"{entry.action} {','.join(entry.fields)}".strip() for entry in entries]


def test_the_list_tells_who_works_here(here: Site) -> None:
    here.disable(here.cast.ana_signs_in)
    page = signed_in(here, "mona").get(STAFF).text
    assert (
        page.index("dana@willow.example") < page.index("ana@willow.example", page.index("mona@")) and "Disabled" in page
    )
    assert "Times are in New York time" in page and "Nov 23, 2026, 7:00 AM" in page
    assert "birch.example" not in page


def test_an_invitation_is_mailed_and_can_be_mailed_again(here: Site) -> None:
    mona = signed_in(here, "mona")
    page = mona.get(STAFF)
    answer = mona.submit(page, f"{STAFF}/invitations", name="Ben Osei", email="Ben@Willow.example", role="front_desk")
    assert "Added Ben Osei. An invitation is on its way." in mona.follow(answer).text
    with here.database.read() as session:
        ben = session.exec(select(Staff).where(Staff.name == "Ben Osei")).one()
    here.later(minutes=1)
    member = mona.get(f"{STAFF}/{ben.id}")
    assert "on its way again" in mona.follow(mona.submit(member, f"{STAFF}/{ben.id}/invitation")).text
    with here.database.read() as session:
        rows = session.exec(select(Outbox).where(Outbox.kind == "invitation", Outbox.staff_id == ben.id)).all()
    assert [row.recipient for row in rows] == ["ben@willow.example"] * 2
    assert mona.submit(member, f"{STAFF}/{ben.id}/invitation", csrf="x").status_code == 403


def test_what_is_wrong_in_an_invitation_is_told_at_its_field_and_nothing_is_kept(here: Site) -> None:
    mona = signed_in(here, "mona")
    page = mona.submit(
        mona.get(STAFF), f"{STAFF}/invitations", name="Ben", email="dana@willow.example", role="practitioner"
    )
    assert page.status_code == 422
    assert "belongs to a staff member of the practice already" in page.text
    assert 'id="practitioner-error"' in page.text and 'value="dana@willow.example"' in page.text
    odd = mona.submit(mona.get(STAFF), f"{STAFF}/invitations", name="Ben", email="ben@willow.example", role="owner")
    assert odd.status_code == 422 and 'id="role-error"' in odd.text
    assert not actions(here)


def test_a_role_changes_at_once_and_is_recorded(here: Site) -> None:
    mona, dana = signed_in(here, "mona"), signed_in(here, "dana")
    address = f"{STAFF}/{here.cast.dana.id}"
    mona.follow(mona.submit(mona.get(address), address, name="Dana D.", role="manager", practitioner=""))
    assert dana.get(STAFF).status_code == 200
    assert (stored(here, here.cast.dana).name, actions(here)) == ("Dana D.", ["staff.changed name,role"])


def test_two_managers_who_edit_one_person_see_what_the_other_did(here: Site) -> None:
    mona = signed_in(here, "mona")
    address = f"{STAFF}/{here.cast.dana.id}"
    page = mona.get(address)
    mona.submit(page, address, name="Dana One", role="front_desk", practitioner="")
    second = mona.submit(page, address, name="Dana Two", role="front_desk", practitioner="")
    assert second.status_code == 422
    assert "It says now: <bdi>Dana One</bdi>" in second.text and 'value="Dana Two"' in second.text
    assert stored(here, here.cast.dana).name == "Dana One"
    mona.submit(second, address, role="front_desk", practitioner="")
    assert stored(here, here.cast.dana).name == "Dana Two"


def test_disabling_ends_sessions_at_once_and_can_be_undone(here: Site) -> None:
    mona, dana = signed_in(here, "mona"), signed_in(here, "dana")
    address = f"{STAFF}/{here.cast.dana.id}"
    told = mona.follow(mona.submit(mona.get(address), f"{address}/suspension"))
    assert "All their sessions have ended" in told.text
    assert dana.get("/calendar").status_code == 303
    assert dana.sign_in("dana@willow.example").status_code == 401
    assert "Enabled again" in mona.follow(mona.submit(told, f"{address}/suspension/removal")).text
    assert dana.sign_in("dana@willow.example").status_code == 303
    assert actions(here) == ["staff.disabled", "staff.enabled"]


def test_nobody_disables_themselves_nor_takes_the_last_manager_away(here: Site) -> None:
    mona = signed_in(here, "mona")
    address = f"{STAFF}/{here.cast.mona.id}"
    page = mona.get(address)
    own = mona.post(f"{address}/suspension", {"csrf": page.text.split('name="csrf" value="')[1].split('"')[0]})
    assert own.status_code == 409 and "This is you" in own.text
    demoted = mona.submit(page, address, name="Mona", role="front_desk", practitioner="")
    assert demoted.status_code == 422 and "last manager" in demoted.text
    assert stored(here, here.cast.mona).role is Role.MANAGER and not actions(here)


def test_of_two_managers_who_demote_each_other_at_once_one_stays(database: Database) -> None:
    """On both databases; without the lock, each would still see the other as manager."""
    cast = database.write(lambda session, _: willow(session))
    rivals = [cast.mona, database.write(lambda session, _: staff(session, cast.practice, "Max", Role.MANAGER))]

    def demote(one: int) -> bool:
        def work(session: Session, now: object) -> None:
            actor = session.get_one(Staff, (cast.practice.id, rivals[one].id))
            staffing.change(session, actor, rivals[1 - one].id, "X", Role.FRONT_DESK, None, NOW)

        try:
            database.write(work)
        except Invalid as error:
            assert error.fields == {"role": staffing.LAST_MANAGER}
            return False
        return True

    for _ in range(5):
        with ThreadPoolExecutor(2) as both:
            assert sorted(both.map(demote, (0, 1))) == [False, True]
        with database.read() as session:
            managers = session.exec(select(Staff).where(Staff.role == Role.MANAGER)).all()
        assert len(managers) == 1

        def again(session: Session, _: object) -> None:
            for member in rivals:
                session.get_one(Staff, (cast.practice.id, member.id)).role = Role.MANAGER

        database.write(again)


def test_sign_out_everywhere_ends_sessions_and_forgets_devices(here: Site) -> None:
    mona, dana = signed_in(here, "mona"), here.browser()
    dana.sign_in("dana@willow.example", remember="yes")
    address = f"{STAFF}/{here.cast.dana.id}"
    page = mona.get(address)
    assert "A browser" in page.text
    mona.submit(page, f"{address}/sign-out")
    assert dana.get("/calendar").status_code == 303
    with here.database.read() as session:
        assert not session.exec(select(RememberedDevice)).all()
        assert [row.staff_id for row in session.exec(select(SignedIn))] == [here.cast.mona.id]


def test_one_device_is_forgotten(here: Site) -> None:
    def remember(session: Session, now: object) -> None:
        for label in ("Chrome on Mac", "Safari on iPhone"):
            devices.remember_device(session, here.cast.dana.account_id, label, "", NOW)

    here.database.write(remember)
    mona = signed_in(here, "mona")
    address = f"{STAFF}/{here.cast.dana.id}"
    page = mona.get(address)
    device = page.text.split("Chrome on Mac")[1].split('name="device" value="')[1].split('"')[0]
    after = mona.follow(mona.submit(page, f"{address}/devices/removal", device=device))
    assert "Safari on iPhone" in after.text and "Chrome on Mac" not in after.text


def test_another_practices_manager_finds_nobody(here: Site) -> None:
    stranger = here.browser()
    stranger.sign_in("mona@birch.example")
    token = stranger.get(STAFF).text.split('name="csrf" value="')[1].split('"')[0]
    address = f"{STAFF}/{here.cast.dana.id}"
    assert stranger.get(address).status_code == 404
    for noun in ("", "/invitation", "/suspension", "/suspension/removal", "/sign-out", "/devices/removal"):
        assert stranger.post(address + noun, {"csrf": token, "role": "front_desk"}).status_code == 404, noun
    assert stored(here, here.cast.dana).disabled_at is None


@pytest.mark.parametrize(("minutes", "fits"), [("5", True), ("480", True), ("4", False), ("481", False), ("x", False)])
def test_the_idle_time_out_is_the_practices(here: Site, minutes: str, fits: bool) -> None:
    mona = signed_in(here, "mona")
    page = mona.submit(mona.get(STAFF), f"{STAFF}/sign-in", idle_minutes=minutes, devices_allowed="yes")
    assert page.status_code == (303 if fits else 422)
    if not fits:
        assert "from 5 to 480" in page.text and actions(here) == []
        return
    here.later(seconds=60 * int(minutes) - 1)
    assert mona.get(STAFF).status_code == 200
    here.later(seconds=60 * int(minutes) + 1)
    assert mona.get(STAFF).status_code == 303


def test_forbidding_remembered_devices_forgets_them_and_remembers_no_more(here: Site) -> None:
    dana = here.browser()
    dana.sign_in("dana@willow.example", remember="yes")
    mona = signed_in(here, "mona")
    mona.submit(mona.get(STAFF), f"{STAFF}/sign-in", idle_minutes="30")
    with here.database.read() as session:
        assert not session.exec(select(RememberedDevice)).all()
        assert not session.get_one(Practice, here.cast.practice.id).devices_allowed
    here.browser().sign_in("dana@willow.example", remember="yes")
    with here.database.read() as session:
        assert not session.exec(select(RememberedDevice)).all()
    assert actions(here) == ["practice.sign_in_changed devices_allowed"]


def test_the_last_sign_in_is_the_newest(here: Site) -> None:
    here.browser().sign_in("dana@willow.example")
    here.later(hours=2)
    signed_in(here, "dana")
    with here.database.read() as session:
        member = staffing.find(session, here.cast.practice.id, here.cast.dana.id)
        newest = session.exec(select(AuditEntry.at).order_by(col(AuditEntry.at).desc())).first()
    assert member.last_sign_in == newest == NOW + timedelta(hours=2)
