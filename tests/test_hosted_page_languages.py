"""Public pages speak the visitor's language, write dates as it does, and wear the practice's colour, made readable."""

import re

import pytest
from sqlmodel import Session, select

from pencilin import addresses
from pencilin.database import Database
from pencilin.models import Appointment, Practice
from pencilin.rules import colours
from pencilin.web.hosted.reader import Reader
from tests.cast import NOW
from tests.staff_site import Forms, Site, path_of, site
from tests.test_hosted_forms import BOOKINGS, FORM, HOLDS, PAGE, TEN, TYPED


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("", "da, en;q=0.1, fr;q=0.4", "fr"),
        ("es", "de", "es"),
        ("xx", "pt-BR", "pt"),
        ("ar", "", "ar"),
    ],
)
def test_the_page_speaks_what_is_asked_for_or_else_preferred(
    here: Site, asked: str, accepted: str, language: str
) -> None:
    answer = here.browser().get(f"{PAGE}?{FORM}&lang={asked}", **{"Accept-Language": accepted})
    assert re.search(f'<html lang="{language}(-[A-Z]+)?" dir="{"rtl" if language == "ar" else "ltr"}"', answer.text)
    assert answer.headers["vary"] == "Accept-Language"
    assert f'lang="{language}" hreflang="{language}" aria-current="true"' in answer.text
    # The other languages keep the place.
    assert "service=first-visit" in answer.text.split("<footer>")[1]


def test_a_booking_is_made_in_the_language_of_its_form(here: Site) -> None:
    browser = here.browser()
    form = browser.follow(browser.submit(browser.get(f"{PAGE}?{FORM}&lang=es"), HOLDS, start=TEN))
    assert "martes, 24 de noviembre de 2026, 10:00" in form.text
    wrong = browser.submit(form, BOOKINGS, **(TYPED | {"client.email": "a@b..cd", "client.phone": "1"}))
    assert wrong.status_code == 422 and "Enter" not in wrong.text
    refused = browser.submit(form, BOOKINGS, **(TYPED | {"client.email": "a@b..cd"}))
    assert refused.status_code == 422 and "Check the part" not in refused.text
    receipt = browser.follow(browser.submit(form, BOOKINGS, **TYPED))
    assert '<html lang="es"' in receipt.text and "Nueva York" in receipt.text
    with here.database.read() as session:
        assert session.exec(select(Appointment.lang)).one() == "es"


def test_weeks_begin_as_where_the_reader_is_at_home_or_else_the_practice() -> None:
    american = Practice(slug="p", name="P", timezone="America/New_York", country="US", created_at=NOW)
    found = {locale: Reader(locale).weekdays(american)[0].full for locale in ("en", "en-GB", "de", "de-DE", "ar-EG")}
    assert found == {"en": "Sunday", "en-GB": "Monday", "de": "Sonntag", "de-DE": "Montag", "ar-EG": "السبت"}


def test_the_practices_colour_is_worn_so_that_it_can_be_read(here: Site) -> None:
    def paint(session: Session, now: object) -> None:
        session.exec(select(Practice).where(Practice.slug == "willow")).one().accent = "#ffd400"

    here.database.write(paint)
    browser = here.browser()
    page = browser.get(PAGE)
    nonce = re.search(r"'nonce-([\w-]+)'", page.headers["content-security-policy"])
    accent = colours.readable("#ffd400")
    assert nonce and accent and f'<style nonce="{nonce[1]}">' in page.text
    assert f"--accent: {accent.light}" in page.text and f"--accent: {accent.dark}" in page.text
    assert "--accent" not in browser.get("/book/birch").text
    links = addresses.manage_url(here.config.base_url, here.links, here.appointment())
    assert f"--accent: {accent.light}" in browser.get(path_of(links)).text
    assert Forms(page.text).forms[PAGE]["lang"]


@pytest.mark.parametrize("accent", ["#ffd400", "#000", "#ffffff", "#0f766e", "#c8102e", "#808080"])
def test_every_colour_is_moved_until_it_is_readable(accent: str) -> None:
    def channels(colour: str) -> list[int]:
        return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]

    found = colours.readable(accent)
    assert found
    for text, page in ((found.light, "#f5f7f9"), (found.light, "#ffffff"), (found.dark, "#1e2630")):
        assert colours.contrast(channels(text), channels(page)) >= 4.5
    assert colours.contrast(channels(found.light), channels(found.on_light)) >= 4.5
    assert colours.contrast(channels(found.dark), channels(found.on_dark)) >= 4.5
    for nothing in (None, "", "red", "#12345", "#ffd400;}"):
        assert colours.readable(nothing) is None
