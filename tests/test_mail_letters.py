"""What mails say, and what they must not: security row 15, pitfall 17."""

import re
from collections.abc import Iterator

import pytest

from pencilin.links import Purpose
from pencilin.mail import messages
from pencilin.mail.letters import WITHOUT_VISIT
from pencilin.mail.messages import Kind
from tests.cast import NOW
from tests.mail_play import CODE, Play, Shown, played
from tests.postbox import KIM, LINKS, calendar_of, html_of, letter, request, text_of

# Typed by a booker, or known of them: in no mail.
UNSPEAKABLE = ("Zaphira", "Quixworth", "My stomach hurts", "First visit", "555 0147", "Kim", "Lee", "KIMLEE23")
FULL_TIME = "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)"


@pytest.fixture
def play(sqlite_url: str) -> Iterator[Play]:
    """Nothing here depends on the kind of database."""
    with played(sqlite_url) as one:
        yield one


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w'’−&<>/+]+", text))


def test_every_kind_is_played(play: Play) -> None:
    assert {row.kind for row in play.rows()} == set(Kind)


def test_no_mail_names_client_service_or_reason(play: Play) -> None:
    for row in play.rows():
        raw = (
            str(letter(play.session, row).as_string())
            + text_of(letter(play.session, row))
            + html_of(letter(play.session, row))
        )
        raw += calendar_of(letter(play.session, row)) or ""
        assert not [word for word in UNSPEAKABLE if re.search(rf"\b{word}\b", raw)], row.kind
        assert "not_serious" not in raw


def test_the_must_not_see_test_would_notice(play: Play) -> None:
    play.cast.practice.name = "Practice of Zaphira"
    text = text_of(letter(play.session, play.row(Kind.CONFIRMED)))
    assert [word for word in UNSPEAKABLE if re.search(rf"\b{word}\b", text)] == ["Zaphira"]


def test_text_and_html_say_the_same(play: Play) -> None:
    for row in play.rows():
        message = letter(play.session, row)
        shown = Shown(html_of(message))
        text = re.sub(r"https?://\S+", "", text_of(message))
        assert words(text) ^ words(re.sub(r"https?://\S+", "", shown.text)) <= {"--"}, row.kind
        assert set(re.findall(r"https?://\S+", text_of(message))) == set(shown.links)


def test_each_mail_about_a_visit_gives_time_zone_practitioner_and_place(play: Play) -> None:
    for row in play.rows():
        if row.kind in (*WITHOUT_VISIT, Kind.BOOKING_DIGEST):
            continue
        text = text_of(letter(play.session, row))
        assert (FULL_TIME if row.kind == Kind.OTHER_TIMES else f"When: {FULL_TIME}") in text
        assert "With: Ana Ruiz" in text
        assert "Where: Main Street\n       1 Main Street" in text
        assert "Tue, Nov 24, 9:00 AM, New York time" in str(letter(play.session, row)["Subject"])


def test_staff_get_a_link_of_their_own(play: Play) -> None:
    seen = set()
    for row in play.rows(Kind.NEW_BOOKING):
        message = letter(play.session, row)
        assert "View appointment" in text_of(message)
        (url,) = Shown(html_of(message)).links
        token = url.removeprefix("https://book.example.com/view-appointment/")
        claims = LINKS.read(Purpose.VIEW_APPOINTMENT, token, NOW)
        assert claims == {
            "practice": play.cast.practice.id,
            "appointment": play.appointment.id,
            "staff": row.staff_id,
        }
        seen.add(claims["staff"])
    assert seen == {play.cast.dana.id, play.cast.ana_signs_in.id}


def test_clients_get_the_link_to_their_own_page(play: Play) -> None:
    for kind in (Kind.REQUEST_RECEIVED, Kind.CONFIRMED, Kind.CORRECTION):
        (url,) = Shown(html_of(letter(play.session, play.row(kind)))).links
        claims = LINKS.read(Purpose.MANAGE, url.removeprefix("https://book.example.com/manage/"), NOW)
        assert claims == {"practice": play.cast.practice.id, "appointment": play.appointment.id}


def test_the_client_is_told_that_nothing_is_confirmed_and_when_to_expect_an_answer(play: Play) -> None:
    text = text_of(letter(play.session, play.row(Kind.REQUEST_RECEIVED)))
    assert text.startswith("Request received\nNot confirmed yet\n")
    assert "You'll hear from us by Monday, November 23, 2026, 5:00 PM, New York time." in text


def test_a_refusal_carries_the_message_of_staff_and_nothing_else_of_the_decision(play: Play) -> None:
    message = letter(play.session, play.row(Kind.DECLINED))
    assert "    Ana is away & <b>sorry</b>.\n    Dana\n" in text_of(message)
    assert "Ana is away &amp; &lt;b&gt;sorry&lt;/b&gt;." in html_of(message)
    assert "<b>" not in html_of(message)
    assert Shown(html_of(message)).links == ["https://book.example.com/book/willow"]


def test_a_refusal_without_a_message_has_no_empty_one(play: Play) -> None:
    play.appointment.decline_message = None
    play.appointment.revision += 1
    messages.declined(play.session, play.appointment, [KIM], NOW, due_at=NOW)
    (row,) = [row for row in play.rows(Kind.DECLINED) if row.recipient == KIM]
    assert "writes" not in text_of(letter(play.session, row))


def test_a_correction_says_what_was_wrong(play: Play) -> None:
    row = play.row(Kind.CORRECTION)
    assert "We confirmed this appointment too early" in text_of(letter(play.session, row))
    row.payload = {**(row.payload or {}), "undone": "declined"}
    message = letter(play.session, row)
    assert "We told you that this time isn't possible" in text_of(message)
    assert calendar_of(message) is None


def test_a_code_is_in_neither_subject_nor_preview(play: Play) -> None:
    message = letter(play.session, play.row(Kind.SIGN_IN_CODE))
    assert message["Subject"] == "Your sign-in code"
    assert re.search(rf"^\s+{CODE}$", text_of(message), re.MULTILINE)
    beginning = re.search(r'<div style="display:none[^>]*>(.*?)</div>', html_of(message), re.DOTALL)
    assert beginning is not None
    assert CODE not in beginning.group(1)


def test_an_invitation_leads_to_its_staff_member_for_a_week(play: Play) -> None:
    message = letter(play.session, play.row(Kind.INVITATION))
    (url,) = Shown(html_of(message)).links
    claims = LINKS.read(Purpose.INVITATION, url.removeprefix("https://book.example.com/invitation/"), NOW)
    assert claims == {"practice": play.cast.practice.id, "staff": play.cast.dana.id}
    assert "The link works until Monday, November 30, 2026, 7:00 AM, New York time (EST, UTC−5)." in text_of(message)


def test_only_confirmations_and_what_takes_them_back_bring_a_calendar_file(play: Play) -> None:
    with_file = {row.kind for row in play.rows() if calendar_of(letter(play.session, row))}
    assert with_file == {Kind.CONFIRMED, Kind.CORRECTION, Kind.CANCELLED}
    message = letter(play.session, play.row(Kind.CONFIRMED))
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "appointment.ics"
    assert attached.get_param("method") == "PUBLISH"


def test_who_shares_a_calendar_shares_no_link_that_acts(play: Play) -> None:
    for kind in (Kind.CONFIRMED, Kind.CORRECTION):
        file = (calendar_of(letter(play.session, play.row(kind))) or "").replace("\r\n ", "")
        assert "URL:https://book.example.com/book/willow" in file
        assert "/manage/" not in file


@pytest.mark.parametrize("kind", [Kind.REQUEST_RECEIVED, Kind.NEW_BOOKING])
def test_a_link_to_join_is_told_only_once_the_visit_is_approved(play: Play, kind: Kind) -> None:
    visit = request(play.session, play.cast, location=play.cast.video, reference="VIDEO234", email="vi@mail.example")
    messages.booked(play.session, visit, NOW)
    (row, *_) = [row for row in play.rows(kind) if row.subject_id == visit.id]
    assert "meet.example" not in letter(play.session, row).as_string() + html_of(letter(play.session, row))
    assert "The link to join comes with the confirmation." in text_of(letter(play.session, row))
    messages.confirmed(play.session, visit, ["vi@mail.example"], NOW, due_at=NOW)
    (row,) = [row for row in play.rows(Kind.CONFIRMED) if row.subject_id == visit.id]
    assert "Join the video call:\nhttps://meet.example/willow\n" in text_of(letter(play.session, row))
    assert "LOCATION:https://meet.example/willow" in (calendar_of(letter(play.session, row)) or "")


def test_who_is_refused_a_video_visit_is_promised_no_link(play: Play) -> None:
    visit = request(play.session, play.cast, location=play.cast.video, reference="VIDEO234", email="vi@mail.example")
    messages.declined(play.session, visit, ["vi@mail.example"], NOW, due_at=NOW)
    messages.expired(play.session, visit, NOW)
    sent = [letter(play.session, row) for row in play.rows() if row.subject_id == visit.id]
    assert len(sent) >= 2
    for message in sent:
        assert "link to join" not in text_of(message) + html_of(message)
