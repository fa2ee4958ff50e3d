"""What mails say, and what they must not: security row 15, pitfall 17."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from sqlmodel import Session

from pencilin.database import Database
from pencilin.links import Purpose
from pencilin.mail import messages
from pencilin.mail.messages import Kind
from pencilin.models import Appointment, Outbox
from tests.cast import NOW, Willow, willow
from tests.postbox import CONFIG, KIM, LINKS, NINE, calendar_of, html_of, letter, request, rows, text_of

# Typed by a booker, or known of them: in no mail.
UNSPEAKABLE = ("Zaphira", "Quixworth", "My stomach hurts", "First visit", "555 0147", "Kim", "Lee", "KIMLEE23")
FULL_TIME = "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)"
CODE = "402913"


class Play(NamedTuple):
    session: Session
    cast: Willow
    appointment: Appointment

    def rows(self, kind: Kind | None = None) -> list[Outbox]:
        return rows(self.session, kind)

    def row(self, kind: Kind) -> Outbox:
        return self.rows(kind)[0]


@pytest.fixture
def play(sqlite_url: str) -> Iterator[Play]:
    """One mail of every kind is queued. Nothing here depends on the kind of database."""
    database = Database(sqlite_url)
    with database.read() as session:
        cast = willow(session)
        appointment = request(session, cast, first_name="Zaphira", last_name="Quixworth", email="somebody@mail.example")
        appointment.decline_message = "Ana is away & <b>sorry</b>.\nDana"
        appointment.decline_reason = "not_serious"
        everything(session, cast, appointment)
        yield Play(session, cast, appointment)
    database.close()


def everything(session: Session, cast: Willow, appointment: Appointment) -> None:
    practice, to = cast.practice, ["somebody@mail.example"]
    messages.booked(session, practice, appointment, NOW)
    messages.reminder(session, practice, appointment, NOW)
    messages.expired(session, practice, appointment, NOW)
    messages.declined(session, practice, appointment, to, NOW, due_at=NOW)
    messages.sign_in_code(session, practice.id, cast.dana.account_id, "dana@willow.example", CODE, 1, NOW)
    messages.invitation(session, practice, cast.dana, "dana@willow.example", NOW)
    appointment.revision += 1
    messages.confirmed(session, practice, appointment, to, NOW, due_at=NOW)
    for row in rows(session, Kind.CONFIRMED):
        row.sent_at = NOW
    appointment.revision += 1
    session.flush()
    messages.correction(session, practice, appointment, to, NOW)


class Shown(HTMLParser):
    """The words that a reader of the HTML sees, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self._hidden = "", list[str](), 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "title", "div") and (tag != "div" or "display:none" in (dict(attrs).get("style") or "")):
            self._hidden += 1
            self._until = tag
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._until:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data + " "


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
        if row.kind in (Kind.SIGN_IN_CODE, Kind.INVITATION):
            continue
        text = text_of(letter(play.session, row))
        assert f"When: {FULL_TIME}" in text
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
    messages.declined(play.session, play.cast.practice, play.appointment, [KIM], NOW, due_at=NOW)
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
    assert with_file == {Kind.CONFIRMED, Kind.CORRECTION}
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
    messages.booked(play.session, play.cast.practice, visit, NOW)
    (row, *_) = [row for row in play.rows(kind) if row.subject_id == visit.id]
    assert "meet.example" not in letter(play.session, row).as_string() + html_of(letter(play.session, row))
    assert "The link to join comes with the confirmation." in text_of(letter(play.session, row))
    messages.confirmed(play.session, play.cast.practice, visit, ["vi@mail.example"], NOW, due_at=NOW)
    (row,) = [row for row in play.rows(Kind.CONFIRMED) if row.subject_id == visit.id]
    assert "Join the video call:\nhttps://meet.example/willow\n" in text_of(letter(play.session, row))
    assert "LOCATION:https://meet.example/willow" in (calendar_of(letter(play.session, row)) or "")


def test_the_practice_writes_and_is_answered(play: Play) -> None:
    message = letter(play.session, play.row(Kind.CONFIRMED))
    assert message["From"] == "Willow Nutrition <booking@book.example.com>"
    assert message["Reply-To"] == "Willow Nutrition <hello@willow.example>"
    assert message["To"] == "somebody@mail.example"
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_practice_without_an_address_of_its_own_has_no_reply_to(play: Play) -> None:
    play.cast.practice.email = None
    assert letter(play.session, play.row(Kind.CONFIRMED))["Reply-To"] is None


def test_a_mail_is_the_same_each_time_but_for_its_date(play: Play) -> None:
    for row in play.rows():
        first = letter(play.session, row)
        second = letter(play.session, row, now=NOW + timedelta(days=2))
        assert first["Message-ID"] == second["Message-ID"]
        assert re.fullmatch(r"<[0-9a-f]{32}@book\.example\.com>", str(first["Message-ID"]))
        assert (text_of(first), html_of(first)) == (text_of(second), html_of(second))
        assert calendar_of(first) == calendar_of(second)


def test_links_come_from_the_public_address_alone(play: Play) -> None:
    config = replace(CONFIG, base_url="https://elsewhere.example")
    for row in play.rows():
        links = Shown(html_of(letter(play.session, row, config))).links
        assert all(link.startswith("https://elsewhere.example/") for link in links), row.kind


def test_names_are_escaped_and_kept_apart_from_the_text_around_them(play: Play) -> None:
    play.cast.practice.name = 'Dr "A" <script>alert(1)</script> & شركاء'
    html = html_of(letter(play.session, play.row(Kind.CONFIRMED)))
    assert "<script" not in html
    assert "<bdi>Dr &#34;A&#34; &lt;script&gt;alert(1)&lt;/script&gt; &amp; شركاء</bdi>" in html


@pytest.mark.parametrize("accent", ["#ffee00", "#fff", "javascript:alert(1)", '"><script>', None])
def test_white_words_can_be_read_on_any_accent(play: Play, accent: str | None) -> None:
    play.cast.practice.accent = accent
    html = html_of(letter(play.session, play.row(Kind.NEW_BOOKING)))
    (colour,) = set(re.findall(r"min-width:220px;padding:13px 24px;background-color:(#[0-9a-f]{6});", html))
    assert contrast(colour, "#ffffff") >= 4.5
    assert "script" not in html


def contrast(one: str, other: str) -> float:
    """WCAG 2's ratio, worked out here on its own."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("locale", "lang", "expected", "tag"),
    [
        ("en", "en", "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)", "en"),
        ("en-GB", "en", "Tuesday, 24 November 2026, 09:00, New York time (EST, UTC−5)", "en-GB"),
        ("de", "de", "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)", "en"),
        ("nonsense", "..", "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)", "en"),
    ],
)
def test_times_are_written_as_the_practice_s_country_does(
    play: Play, locale: str, lang: str, expected: str, tag: str
) -> None:
    play.cast.practice.locale = locale
    row = play.row(Kind.CONFIRMED)
    row.payload = {**(row.payload or {}), "lang": lang}
    message = letter(play.session, row)
    assert expected in text_of(message)
    assert message["Content-Language"] == tag
    assert f'<html lang="{tag}"' in html_of(message)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "1:30 AM, New York time (EDT, UTC−4)"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "1:30 AM, New York time (EST, UTC−5)"),
        (NINE, "9:00 AM, New York time (EST, UTC−5)"),
    ],
)
def test_a_time_that_a_clock_shows_twice_is_told_apart(play: Play, start: datetime, said: str) -> None:
    play.appointment.start, play.appointment.end = start, start + timedelta(hours=1)
    play.appointment.revision += 1
    messages.confirmed(play.session, play.cast.practice, play.appointment, [KIM], NOW, due_at=NOW)
    (row,) = [row for row in play.rows(Kind.CONFIRMED) if row.recipient == KIM]
    assert said in text_of(letter(play.session, row))
