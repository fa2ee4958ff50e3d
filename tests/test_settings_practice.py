"""Settings → Practice: what clients see changes at once, what can't be is refused at its field, and two may edit."""

import tomllib

import pytest
from httpx2 import Response
from sqlmodel import select
from starlette.testclient import TestClient

from pencilin import practices
from pencilin.database import Database
from pencilin.models import AuditEntry, Practice
from pencilin.practices.profile import known_zone
from tests.screens import signed_in
from tests.staff_site import Browser, Site, site

PRACTICE = "/settings/practice"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.fixture
def mona(here: Site) -> Browser:
    return signed_in(here, "mona")


def save(browser: Browser, fields: dict[str, str], page: Response | None = None) -> Response:
    shown = {"country": "US", "locale": "en"}
    return browser.submit(page or browser.get(PRACTICE), PRACTICE, **shown | fields)


def stored(here: Site) -> Practice:
    with here.database.read() as session:
        return session.get_one(Practice, here.cast.practice.id)


def audited(here: Site) -> list[tuple[str, list[str]]]:
    with here.database.read() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.subject_kind == "practice")).all()
    return [(row.action, row.fields) for row in rows]


def upload(browser: Browser, content: bytes, name: str = "logo.png") -> Response:
    own = {"Accept": "text/html", "Origin": browser.url, "Sec-Fetch-Site": "same-origin"}
    token = browser.get(PRACTICE).text.split('name="csrf" value="')[1].split('"')[0]
    return browser.client.post(f"{PRACTICE}/logo", data={"csrf": token}, files={"logo": (name, content)}, headers=own)


def test_what_is_saved_is_what_clients_see_and_what_the_file_says(here: Site, mona: Browser) -> None:
    new = {
        "name": "Wéidenhof",
        "email": "hallo@weide.example",
        "phone": "030 901820",
        "country": "DE",
        "locale": "de",
        "privacy_url": "https://weide.example/datenschutz",
        "accent": "#336699",
    }
    told = mona.follow(save(mona, new))
    assert "Saved." in told.text
    assert [(action, sorted(fields)) for action, fields in audited(here)] == [("practice.changed", sorted(new))]
    public = TestClient(here.app, here.config.base_url)
    shown = public.get("/api/v1/practices/willow").json()
    assert (shown["name"], shown["locale"], shown["contact"]["phone"]) == ("Wéidenhof", "de", "030 901820")
    assert "Wéidenhof" in public.get("/book/willow").text
    with here.database.read() as session:
        file = tomllib.loads(practices.export(session, stored(here)))["practice"]
    assert {name: file[name] for name in new if name != "accent"} == {
        name: value for name, value in new.items() if name != "accent"
    }
    assert save(mona, {"country": "DE", "locale": "de"}).status_code == 303
    assert len(audited(here)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "Enter"),
        ("email", "mona", "Enter an email address"),
        ("phone", "12", "Enter a phone number"),
        ("timezone", "Mars/Olympus", "This should be a time zone"),
        ("timezone", "", "This should be a time zone"),
        ("privacy_url", "javascript:alert(1)", "This should be a web address"),
        ("accent", "teal", "This should be a colour"),
        ("locale", "xx-", "This should be a language"),
        ("country", "ZZ", "This should be the two letters of a country"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_saved(
    here: Site, mona: Browser, field: str, typed: str, reason: str
) -> None:
    answer = save(mona, {"name": "Other name", field: typed})
    assert answer.status_code == 422
    assert reason in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert field == "name" or 'value="Other name"' in answer.text
    assert stored(here).name == "Willow Nutrition" and audited(here) == []


def test_another_zone_is_saved_once_its_meaning_was_read(here: Site, mona: Browser) -> None:
    warned = save(mona, {"timezone": "los angeles"})
    assert warned.status_code == 422 and "Main Street, Video visit are still on America/New_York" in warned.text
    assert stored(here).timezone == "America/New_York"
    other = save(mona, {"timezone": "Europe/Paris"}, warned)
    assert other.status_code == 422 and "Europe/Paris" in other.text
    assert save(mona, {"timezone": "los angeles"}, warned).status_code == 303
    assert stored(here).timezone == "America/Los_Angeles"


def test_a_zone_is_found_by_its_city() -> None:
    assert known_zone("new york") == known_zone(" New_York") == "America/New_York"
    assert known_zone("utc") == "UTC" and known_zone("Jamaica") == "Jamaica"
    assert known_zone("Olympus") == "Olympus"


def test_two_people_editing_are_told_of_each_other(here: Site, mona: Browser) -> None:
    mine, theirs = mona.get(PRACTICE), mona.get(PRACTICE)
    assert save(mona, {"name": "Their name"}, theirs).status_code == 303
    assert save(mona, {"phone": "+1 212 555 0101"}, mine).status_code == 303
    assert stored(here).name == "Their name"
    clash = save(mona, {"name": "My name"}, mine)
    assert clash.status_code == 422 and "Somebody changed this meanwhile" in clash.text
    assert "Their name" in clash.text and 'value="My name"' in clash.text
    assert save(mona, {"name": "My name"}, clash).status_code == 303 and stored(here).name == "My name"


def test_a_logo_is_shown_to_clients_until_it_is_removed_and_can_be_put_back(here: Site, mona: Browser) -> None:
    assert mona.follow(upload(mona, PNG)).status_code == 200
    shown = f"/book/willow/logo?{stored(here).logo_version}"
    public = here.browser()
    for path in ("/book/willow", "/book/willow?service=first-visit"):
        assert f'<img src="{shown}" alt="">' in public.get(path).text
    picture = public.get(shown)
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "max-age=86400" in picture.headers["cache-control"] and "set-cookie" not in picture.headers
    assert public.get(shown, **{"If-None-Match": picture.headers["etag"]}).status_code == 304
    removed = mona.follow(mona.submit(mona.get(PRACTICE), f"{PRACTICE}/logo/removal"))
    assert public.get(shown).status_code == 404 and "/logo" not in public.get("/book/willow").text
    mona.submit(removed, f"{PRACTICE}/logo/restoration")
    assert public.get(shown).content == PNG
    assert audited(here) == [("practice.changed", ["logo"])] * 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Choose a picture first"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "saved as PNG first"),
        (b"<!doctype html><script>alert(1)</script>", "PNG, JPEG or WebP"),
        (PNG + b"\0" * 512 * 1024, "larger than 512 kB"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(here: Site, mona: Browser, content: bytes, reason: str) -> None:
    answer = upload(mona, content)
    assert answer.status_code == 422 and reason in answer.text and stored(here).logo_version is None


def test_a_body_larger_than_any_logo_is_not_even_read(here: Site, mona: Browser) -> None:
    answer = upload(mona, PNG + b"\0" * 700_000)
    assert answer.status_code == 413 and "Go back and choose a smaller one" in answer.text


def test_the_colour_is_seen_as_clients_will_see_it(mona: Browser) -> None:
    picture = mona.get(f"{PRACTICE}/accent.svg?colour=%23ffee00")
    assert picture.headers["content-type"] == "image/svg+xml" and "#ffee00" in picture.text
    assert mona.get(f"{PRACTICE}/accent.svg?colour=%22%3E%3Cscript").text.count("<script") == 0
    page = mona.follow(save(mona, {"accent": "#ffee00"}))
    assert "so that text in it can be read" in page.text
