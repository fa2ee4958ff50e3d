"""The widget speaks the language of its place on the page, from the first step to what the client is written later."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect
from sqlmodel import select

from pencilin.models import Appointment
from tests.widget_site import PATIENT, SCRIPT, Booking, booking, held_back


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def placed(where: str, **data: str) -> str:
    """A widget in a part of the page that is in a language, with attributes of its own."""
    attributes = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return f'<section lang="{where}">{SCRIPT.replace("></script>", f"{attributes}></script>")}</section>'


def word_files(page: Page) -> set[str]:
    """Collects which files of words are asked for from now on."""
    asked: set[str] = set()

    def note(request: Request) -> None:
        if "/widget/words/" in request.url:
            asked.add(request.url.rpartition("/")[2])

    page.on("request", note)
    return asked


def week_start(widget: Locator) -> str:
    return widget.locator("th .unseen").first.inner_text()


def test_a_booking_is_german_on_a_german_page_up_to_the_last_screen(here: Booking, page: Page) -> None:
    asked = word_files(page)
    here.open(page, placed("de"))
    expect(page.get_by_role("heading", name="Leistung wählen")).to_be_visible()
    expect(page.get_by_role("region", name="Termin buchen")).to_have_attribute("lang", "de")
    page.get_by_role("button", name="Follow-up").click()
    expect(page.get_by_role("heading", name="Zeit wählen")).to_be_visible()
    page.get_by_role("button", name="Dienstag, 24. November 2026").click()
    assert week_start(page.locator("pencilin-booking")) == "Montag"
    expect(page.get_by_text("Alle Zeiten: Ortszeit New York")).to_be_visible()
    page.get_by_role("group", name="Dienstag, 24. November 2026").get_by_role("button", name="09:00").click()
    expect(page.get_by_text("Bis 07:10 Uhr für Sie reserviert")).to_be_visible()
    form = page.frame_locator('iframe[title="Ihre Angaben"]')
    form.get_by_role("button", name="Termin anfragen").click()
    expect(form.get_by_role("alert").first).to_contain_text("Geben Sie den Vornamen ein.")
    for label, value in (
        ("Vorname", "Kim"),
        ("Nachname", "Lee"),
        ("E-Mail", "kim@mail.example"),
        ("Telefon", "2125550147"),
    ):
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_label("Ich bin einverstanden").check()
    # What only the server finds wrong it says in English, and the form in the visitor's words.
    refusal = {"code": "invalid", "fields": {"client.phone": "This isn't a phone number."}}
    page.route("**/bookings", lambda route: route.fulfill(status=422, json=refusal), times=1)
    form.get_by_role("button", name="Termin anfragen").click()
    expect(form.get_by_role("alert").first).to_contain_text("Telefon: Geben Sie eine Telefonnummer")
    form.get_by_role("button", name="Termin anfragen").click()
    expect(form.get_by_role("heading", name="Anfrage erhalten")).to_be_visible()
    expect(
        form.get_by_text("Dienstag, 24. November 2026, 09:00 Uhr, Ortszeit New York", exact=True).first
    ).to_be_visible()
    expect(form.locator("html")).to_have_attribute("lang", "de")
    with here.site.database.read() as session:
        assert session.exec(select(Appointment)).one().lang == "de"
    assert asked == {"de.json"}


def test_each_of_several_widgets_speaks_its_own_language(here: Booking, page: Page) -> None:
    asked = word_files(page)
    # As when the server is older than the page's wish, or away: English stands in for words that can't be had soon.
    page.route("**/widget/words/fr.json", lambda route: route.fulfill(status=404))
    late = held_back(page, "**/widget/words/es.json")
    places = [placed("en-US"), placed("en-GB"), placed("de", lang="pt-BR"), placed("fr"), placed("nl"), placed("es")]
    here.open(page, "".join(places))
    american, british, brazilian, french, dutch, spanish = (page.locator("pencilin-booking").nth(n) for n in range(6))
    for widget in (american, british, french):
        expect(widget.get_by_role("heading", name="Choose a service")).to_be_visible()
    expect(dutch.get_by_role("heading", name="Choose a service")).to_be_visible()
    expect(brazilian.get_by_role("heading", name="Escolha um serviço")).to_be_visible()
    never = late()
    page.clock.fast_forward(50_000)
    expect(spanish.get_by_role("heading", name="Choose a service")).to_be_visible()
    never.abort()
    assert asked == {"pt.json", "fr.json", "es.json"}
    for widget, start, day, time in (
        (american, "Sunday", "Tuesday, November 24, 2026", "9:00 AM"),
        (british, "Monday", "Tuesday, 24 November 2026", "09:00"),
        (brazilian, "domingo", "terça-feira, 24 de novembro de 2026", "09:00"),
    ):
        widget.get_by_role("button", name="Follow-up").click()
        widget.get_by_role("button", name=day).click()
        expect(widget.get_by_role("group", name=day).get_by_role("button", name=time, exact=True)).to_be_visible()
        assert week_start(widget) == start


def test_where_the_page_says_nothing_the_browser_s_language_counts(here: Booking, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA", timezone_id="America/New_York")
    page.add_init_script(PATIENT)
    here.website.shows(SCRIPT)
    here.website.html = here.website.html.replace('<html lang="en">', "<html>")
    page.goto(here.website.url)
    expect(page.get_by_role("heading", name="Choisissez une prestation")).to_be_visible()
    expect(page.get_by_role("region", name="Prendre rendez-vous")).to_have_attribute("lang", "fr-CA")
    page.close()


def test_arabic_runs_from_right_to_left(here: Booking, page: Page) -> None:
    here.open(page, placed("ar-SA"))
    page.get_by_role("button", name="Follow-up").click()
    expect(page.get_by_role("region", name="حجز موعد")).to_have_attribute("dir", "rtl")
    # Latin digits and the Gregorian calendar, also where a country is used to others.
    tuesday = page.get_by_role("button", name="الثلاثاء، 24 نوفمبر 2026")
    tuesday.click()
    slot = page.get_by_role("button", name="9:00 ص", exact=True)
    expect(slot).to_be_visible()
    # What comes later is to the left: the next month's button, and the next day by key.
    before, after = (page.get_by_role("button", name=f"الشهر {name}") for name in ("السابق", "التالي"))
    left = "button => button.getBoundingClientRect().left"
    assert after.evaluate(left) < before.evaluate(left)
    arrow = "button => new DOMMatrix(getComputedStyle(button, '::before').transform).transformPoint({x: 1, y: -1}).x"
    assert after.evaluate(arrow) < 0 < before.evaluate(arrow)
    tuesday.press("ArrowLeft")
    expect(page.get_by_role("button", name="الأربعاء، 25 نوفمبر 2026")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tuesday).to_be_focused()
    expect(page.get_by_text("نيويورك")).to_be_visible()
    slot.click()
    form = page.frame_locator('iframe[title="بياناتك"]')
    email = form.get_by_label("البريد الإلكتروني")
    expect(email).to_be_visible()
    assert form.locator("html").get_attribute("dir") == "rtl"
    for field in (email, form.get_by_label("الهاتف")):
        expect(field).to_have_css("direction", "ltr")
        expect(field).to_have_css("text-align", "right")
