"""Settings → Emails: who hears of what, what mails say, how they look, and whether they go out."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from pencilin.database import Database
from pencilin.mail import outbox
from pencilin.mail.examples import FIRST_NAME, TITLES
from pencilin.models import AuditEntry, BookingMail, HearsOf, Outbox, Practice, Staff
from tests.screens import asked, signed_in
from tests.staff_site import Browser, Forms, Site, site, tells

EMAILS = "/settings/emails"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def member(here: Site, one: Staff) -> Staff:
    with here.database.read() as session:
        return session.get_one(Staff, (one.practice_id, one.id))


def choose(browser: Browser, here: Site, **chosen: tuple[HearsOf, BookingMail]) -> str:
    """Saves what is chosen for ``dana``, ``ana`` and ``mona``; the others as usual."""
    fields: dict[str, str] = {}
    for name, one in {"dana": here.cast.dana, "mona": here.cast.mona, "ana": here.cast.ana_signs_in}.items():
        hears, often = chosen.get(name, (HearsOf.USUAL, BookingMail.EACH))
        fields |= {f"hears_{one.id}": hears.value, f"often_{one.id}": often.value}
    return browser.follow(browser.submit(browser.get(EMAILS), f"{EMAILS}/recipients", **fields)).text


def actions(here: Site) -> list[str]:
    with here.database.read() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action != "staff.signed_in"))
        return [f"{entry.action} {','.join(entry.fields)}" for entry in entries]


def test_a_manager_chooses_for_everybody(here: Site) -> None:
    mona = signed_in(here, "mona")
    assert "Saved." in choose(mona, here, dana=(HearsOf.ALL, BookingMail.DAILY))
    dana = member(here, here.cast.dana)
    assert (dana.hears_of, dana.booking_mail) == (HearsOf.ALL, BookingMail.DAILY)
    assert actions(here) == ["staff.mail_changed hears_of,booking_mail"]


def test_the_page_warns_where_only_managers_are_left(here: Site) -> None:
    mona = signed_in(here, "mona")
    none = (HearsOf.NONE, BookingMail.EACH)
    page = choose(mona, here, dana=none, ana=none, mona=none)
    assert "Nobody hears of bookings with <bdi>Ana Ruiz</bdi> and <bdi>Ben Osei</bdi>" in page
    asked(here)
    with here.database.read() as session:
        assert session.exec(select(Outbox.recipient).where(Outbox.kind == "new_booking")).all() == [
            "mona@willow.example"
        ]


def test_a_word_that_nobody_offered_is_refused_at_its_field(here: Site) -> None:
    mona = signed_in(here, "mona")
    field = f"often_{here.cast.dana.id}"
    page = mona.submit(mona.get(EMAILS), f"{EMAILS}/recipients", **{field: "yearly"})
    assert page.status_code == 422 and f'id="{field}-error"' in page.text and not actions(here)


def test_names_and_reminders_are_the_practices_choice(here: Site) -> None:
    mona = signed_in(here, "mona")
    page = mona.get(EMAILS)
    fields = Forms(page.text).forms[f"{EMAILS}/content"]
    post = mona.client.post
    own = {"Origin": mona.url, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    data = {"csrf": fields["csrf"], "mail_first_name": "yes", "reminder_hours": ["2", "24"]}
    assert post(f"{EMAILS}/content", data=data, headers=own).status_code == 303
    with here.database.read() as session:
        practice = session.get_one(Practice, here.cast.practice.id)
    assert (practice.mail_first_name, practice.reminder_hours) == (True, [24, 2])
    assert mona.get(EMAILS).text.count(" checked") == 3
    odd = post(f"{EMAILS}/content", data={"csrf": fields["csrf"], "reminder_hours": "7"}, headers=own)
    assert odd.status_code == 422 and 'id="reminder_hours-error"' in odd.text
    assert actions(here) == ["practice.mail_changed mail_first_name,reminder_hours"]


def test_every_mail_can_be_looked_at_and_is_about_nobody(here: Site) -> None:
    asked(here)
    mona = signed_in(here, "mona")

    def name(session: Session, _: object) -> None:
        session.get_one(Practice, here.cast.practice.id).mail_first_name = True

    here.database.write(name)
    for kind in TITLES:
        page = mona.get(f"{EMAILS}/preview?kind={kind}")
        assert page.status_code == 200 and "<h1" in page.text, kind
        assert " style=" not in page.text and 'style nonce="' in page.text
        assert not tells(page.text, "Lee", "Kim", "Ana Ruiz", "555-0147"), kind
    assert FIRST_NAME in mona.get(f"{EMAILS}/preview?kind=booking_digest").text
    assert mona.get(f"{EMAILS}/preview?kind=trial").status_code == 404
    assert 'src="/settings/emails/preview?kind=confirmed"' in mona.get(f"{EMAILS}?kind=confirmed").text


def test_a_test_mail_goes_to_whoever_asks(here: Site) -> None:
    mona = signed_in(here, "mona")
    assert "until a mail server is set up" in mona.follow(mona.submit(mona.get(EMAILS), f"{EMAILS}/test")).text
    with here.database.read() as session:
        assert [(row.kind, row.recipient) for row in session.exec(select(Outbox))] == [("trial", "mona@willow.example")]


def fail(here: Site, work: Callable[[Session, outbox.Leased], object]) -> None:
    def lease(session: Session, now: object) -> None:
        leased = outbox.lease(session, here.now)
        assert leased
        work(session, leased)

    here.database.write(lease)


def test_what_was_given_up_is_listed_and_sent_again(here: Site) -> None:
    mona = signed_in(here, "mona")
    mona.submit(mona.get(EMAILS), f"{EMAILS}/test")
    fail(here, lambda session, leased: outbox.mark_failed(session, leased, "No such mailbox.", here.now, for_good=True))
    page = mona.get(EMAILS)
    assert "No such mailbox." in page.text
    (action,) = [one for one in Forms(page.text).forms if one.endswith("/sending")]
    assert "on its way again" in mona.follow(mona.submit(page, action)).text
    assert mona.submit(page, action).status_code == 409
    assert "No such mailbox." not in re.sub(r"last try.*", "", mona.get(EMAILS).text)
    stranger = here.browser()
    stranger.sign_in("mona@birch.example")
    token = Forms(stranger.get(EMAILS).text).forms[f"{EMAILS}/test"]["csrf"]
    assert stranger.post(action, {"csrf": token}).status_code == 404


def test_mail_that_is_held_up_says_why_and_when_it_is_tried_again(here: Site) -> None:
    mona = signed_in(here, "mona")
    mona.submit(mona.get(EMAILS), f"{EMAILS}/test")
    wait = timedelta(minutes=10)
    fail(here, lambda session, leased: outbox.mark_failed(session, leased, "It is away.", here.now, wait=wait))
    page = mona.get(EMAILS).text
    assert '<dt>Waiting now</dt><dd class="numbers">1</dd>' in page
