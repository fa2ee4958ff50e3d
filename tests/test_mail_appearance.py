"""How mails look: who wrote them, names as they are, words that can be read, times as people write them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pencilin.mail import messages
from pencilin.mail.messages import Kind
from tests.cast import NOW
from tests.mail_play import Play, Shown, played
from tests.postbox import CONFIG, KIM, NINE, calendar_of, html_of, letter, text_of


@pytest.fixture
def play(sqlite_url: str) -> Iterator[Play]:
    """Nothing here depends on the kind of database."""
    with played(sqlite_url) as one:
        yield one


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
        ("de-AT", "de", "Dienstag, 24. November 2026, 09:00 Uhr, Ortszeit New York (UTC−5)", "de-AT"),
        ("en", "pt-BR", "terça-feira, 24 de novembro de 2026, 09:00, horário de Nova York (UTC−5)", "pt-BR"),
        ("es", "nl", "martes, 24 de noviembre de 2026, 9:00, hora de Nueva York (UTC−5)", "es"),
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
    messages.confirmed(play.session, play.appointment, [KIM], NOW, due_at=NOW)
    (row,) = [row for row in play.rows(Kind.CONFIRMED) if row.recipient == KIM]
    assert said in text_of(letter(play.session, row))
