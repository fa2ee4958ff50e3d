"""What a client is written is in the language that they booked in, whole; what staff are written stays English."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from pencilin.mail.messages import TO_CLIENT, TO_STAFF, Kind
from tests.mail_play import Play, Shown, played
from tests.postbox import calendar_of, html_of, letter, text_of

OTHERS = ("es", "fr", "de", "pt", "ar")
# Said by the practice, not by us.
ITS_OWN = {"Willow", "Nutrition", "Ana", "Ruiz", "Main", "Street", "away", "amp", "sorry", "Dana", "New", "York", "UTC"}


@pytest.fixture
def play(sqlite_url: str) -> Iterator[Play]:
    """Nothing here depends on the kind of database."""
    with played(sqlite_url) as one:
        yield one


def written(play: Play, kind: Kind, lang: str) -> EmailMessage:
    row = play.row(kind)
    row.payload = {**(row.payload or {}), "lang": lang}
    return letter(play.session, row)


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", re.sub(r"https?://\S+|\S+@\S+", "", text))) - ITS_OWN


def everything(message: EmailMessage) -> str:
    return "\n".join([str(message["Subject"]), text_of(message), Shown(html_of(message)).text])


@pytest.mark.parametrize("lang", OTHERS)
def test_no_english_is_left_and_nothing_not_filled_in(play: Play, lang: str) -> None:
    for kind in TO_CLIENT:
        english = words(everything(written(play, kind, "en")))
        message = written(play, kind, lang)
        # What is spelt alike in two languages.
        assert words(everything(message)) & english <= {"Nov", "November", "possible", "page", "link"}, kind
        assert not re.search(r"[{}]", everything(message)), kind
        assert message["Content-Language"] == lang
        assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in html_of(message)


def test_the_check_for_english_would_notice(play: Play) -> None:
    play.cast.practice.name = "We will see Your appointment"
    english = words(everything(written(play, Kind.CONFIRMED, "en")))
    assert {"Your", "appointment"} <= words(everything(written(play, Kind.CONFIRMED, "de"))) & english


def test_the_calendar_file_is_in_the_language_too(play: Play) -> None:
    calendar = calendar_of(written(play, Kind.CONFIRMED, "de")) or ""
    assert "SUMMARY:Termin\\, Willow Nutrition" in calendar
    assert "Bei Ana Ruiz" in calendar


def test_names_in_an_arabic_mail_keep_their_own_direction(play: Play) -> None:
    html = html_of(written(play, Kind.DECLINED, "ar-SA"))
    assert "رسالة من <bdi>Willow Nutrition</bdi>:" in html
    assert "الثلاثاء، 24 نوفمبر 2026" in html


def test_a_language_that_is_not_spoken_gives_way_to_the_practice_s(play: Play) -> None:
    play.cast.practice.locale = "fr"
    assert "Votre rendez-vous est confirmé" in text_of(written(play, Kind.CONFIRMED, "nl"))


def test_staff_are_written_in_english_whatever_the_practice_speaks(play: Play) -> None:
    play.cast.practice.locale = "de"
    for kind in TO_STAFF:
        message = written(play, kind, "de")
        assert "When: Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)" in text_of(message)
        assert message["Content-Language"] == "en"
