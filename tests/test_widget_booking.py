"""A visitor books on the practice's own website, from the pasted line to the last screen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from pencilin.models import Appointment, BookedBy, Practitioner, TentativeClient
from tests.staff_site import tells
from tests.widget_site import LINK, SCRIPT, Booking, booking, console, held_back


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def booked(here: Booking) -> tuple[Appointment, TentativeClient]:
    with here.site.database.read() as session:
        return session.exec(select(Appointment)).one(), session.exec(select(TentativeClient)).one()


def test_a_visitor_books_on_a_phone(here: Booking, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    errors = console(page.context)
    here.open(page, LINK)
    expect(page.get_by_role("heading", name="Choose a service")).to_be_visible()
    expect(page.get_by_role("link", name="Book an appointment")).to_have_count(0)
    here.choose_service(page, "First visit")
    page.get_by_role("button", name="Tuesday, November 24, 2026").click()
    day = page.get_by_role("group", name="Tuesday, November 24, 2026")
    day.get_by_role("button", name="9:00 AM", exact=True).click()
    form = here.form(page)
    expect(page.get_by_text("Held for you until 7:10 AM")).to_be_visible()
    here.fill(form)
    born = form.get_by_role("group", name="Date of birth")
    for part, value in (("Day", "24"), ("Month", "3"), ("Year", "1985")):
        born.get_by_label(part).fill(value)
    form.get_by_role("radiogroup", name="Have you been here before?").get_by_label("Not sure").check()
    form.get_by_label("Reason for visit").fill("Tired after lunch")
    here.send(form)

    expect(form.get_by_role("heading", name="Request received")).to_be_focused()
    expect(form.get_by_text("Willow Nutrition has yet to confirm it")).to_be_visible()
    expect(form.get_by_text("Tuesday 24 November 2026, 9:00 AM, New York time", exact=True)).to_be_visible()
    expect(form.get_by_text("We wrote to kim.lee@mail.example")).to_be_visible()
    expect(form.get_by_text("use the link in the email: it shows how to reach Willow Nutrition")).to_be_visible()
    appointment, client = booked(here)
    expect(form.get_by_text(appointment.reference, exact=True)).to_be_visible()
    assert (client.first_name, str(client.birth_date), client.phone) == ("Kim", "1985-03-24", "212 555 0147")
    assert (appointment.been_before, appointment.note) == ("unsure", "Tired after lunch")
    assert appointment.source == here.website.url.removesuffix("/")
    assert errors == []


def test_the_last_screen_leads_to_the_clients_own_page_and_to_a_calendar_file(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    here.send(form)
    with page.context.expect_page() as opened:
        form.get_by_role("link", name="Change or cancel").click()
    expect(opened.value.get_by_role("heading", name="Request received")).to_be_visible()
    with page.expect_download() as file:
        form.get_by_role("link", name="Add to calendar").click()
    content = file.value.path().read_text()
    assert "DTSTART;TZID=America/New_York:20261123T113000" in content
    assert not tells(content, "Kim")


def test_a_parent_books_for_a_child(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    expect(form.get_by_label("First name")).to_have_count(1)
    form.get_by_role("radiogroup", name="Who is this appointment for?").get_by_label("Someone else").check()
    here.fill(form)
    here.send(form)
    problems = form.get_by_role("alert").filter(has_text="Please check these fields")
    expect(problems).to_contain_text("Enter your first name.")
    expect(problems).to_contain_text("Enter your last name.")
    form.get_by_label("Your first name").fill("Pat")
    form.get_by_label("Your last name").fill("Lee")
    form.get_by_label("Your relationship").fill("mother")
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    _, client = booked(here)
    with here.site.database.read() as session:
        booker = session.exec(select(BookedBy)).one()
    assert (client.first_name, client.email) == ("Kim", "kim.lee@mail.example")
    assert (booker.first_name, booker.last_name, booker.relationship) == ("Pat", "Lee", "mother")


def test_a_later_day_is_named_only_where_the_chosen_one_has_no_time(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_service(page)
    here.slot(page).wait_for()
    expect(page.get_by_text("Next available")).to_have_count(0)
    asked = held_back(page, "**/availability?*")
    page.get_by_role("button", name="Next month").click()
    page.get_by_role("button", name="Next month").click()
    # A Saturday: nobody works, but nobody knows yet.
    page.get_by_role("button", name="Saturday, January 9, 2027").click()
    expect(page.get_by_text("Next available")).to_have_count(0)
    asked().continue_()
    expect(page.get_by_role("status")).to_have_text("0 times on Saturday, January 9, 2027")
    page.get_by_role("button", name="Mon, Jan 11, 9:00 AM").click()
    expect(page.get_by_role("group", name="Monday, January 11, 2027")).to_be_visible()


def test_a_long_name_in_a_field_ends_before_its_arrow(here: Booking, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    here.open(page)
    here.choose_service(page)
    padding = page.get_by_label("With").evaluate("field => parseFloat(getComputedStyle(field).paddingInlineEnd)")
    assert padding >= 36  # pixels: the arrow, and what is around it


def test_whoever_is_chosen_is_booked(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_service(page)
    page.get_by_label("With").select_option("Ben Osei")
    expect(page.get_by_label("Where")).to_have_count(1)
    here.slot(page).click()
    form = here.form(page)
    expect(page.get_by_text("with Ben Osei · Main Street")).to_be_visible()
    here.fill(form)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    appointment, _ = booked(here)
    with here.site.database.read() as session:
        who = session.get_one(Practitioner, (appointment.practice_id, appointment.practitioner_id))
    assert who.slug == "ben"


def test_another_visit_keeps_the_contact_details_but_not_the_consent(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    form.get_by_label("Reason for visit").fill("Tired")
    here.send(form)
    form.get_by_role("button", name="Book another visit").click()
    form = here.choose_slot(page, "2:00 PM", "First visit")
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    expect(form.get_by_label("Phone")).to_have_value("212 555 0147")
    expect(form.get_by_label("Reason for visit")).to_have_value("")
    expect(form.get_by_label("I agree")).not_to_be_checked()
    form.get_by_label("I agree").check()
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    with here.site.database.read() as session:
        assert len(session.exec(select(Appointment)).all()) == 2


def test_the_page_is_told_of_each_step_but_of_nobodys_name(here: Booking, page: Page) -> None:
    listen = "<script>window.heard=[];for(const n of ['ready','step','slot','booked','error'])"
    listen += "document.addEventListener('pencilin:'+n,e=>heard.push([n,e.detail]))</script>"
    here.open(page, listen + SCRIPT)
    form = here.choose_slot(page)
    here.fill(form)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    appointment, _ = booked(here)
    start = "2026-11-23T11:30:00-05:00"
    page.wait_for_function("heard.some(([name]) => name === 'booked')")
    heard = page.evaluate("heard")
    assert [detail["step"] for name, detail in heard if name == "step"] == ["service", "time", "details", "received"]
    assert ["slot", {"start": start, "service": "follow-up"}] in heard
    assert heard[-1] == ["booked", {"reference": appointment.reference, "service": "follow-up", "start": start}]
    assert not re.search("kim|555 0147|manage", str(heard), re.IGNORECASE)


def test_a_slip_in_a_well_known_mail_domain_is_pointed_out(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form, email="kim@gmial.com")
    expect(form.get_by_text("Did you mean kim@gmail.com?")).to_be_visible()
    form.get_by_role("button", name="Use it").click()
    expect(form.get_by_label("Email")).to_have_value("kim@gmail.com")
    expect(form.get_by_text("Did you mean")).to_have_count(0)
