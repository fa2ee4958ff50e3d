"""*Send to my webmaster*: a page without sign-in that tells nothing personal, until it expires or is revoked."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response
from sqlmodel import select

from pencilin.database import Database
from pencilin.links import Links, Purpose
from pencilin.models import AuditEntry, WebmasterLink
from pencilin.website import handover
from pencilin.website.snippet import Options
from tests.screens import signed_in
from tests.staff_site import HERE, KEY, Browser, Forms, Site, path_of, site

WIDGET = "/settings/widget"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.fixture
def mona(here: Site) -> Browser:
    return signed_in(here, "mona")


def send(browser: Browser, query: str = "") -> str:
    """Presses the button with these options; the address of the new page."""
    page = browser.follow(browser.submit(browser.get(f"{WIDGET}?{query}"), f"{WIDGET}/links"))
    assert "The page for your webmaster is ready" in page.text
    return re.findall(r'id="link-\w+" value="([^"]+)"', page.text)[0]


def csrf_of(page: Response) -> str:
    return Forms(page.text).forms[f"{WIDGET}/links"]["csrf"]


def links(here: Site) -> list[WebmasterLink]:
    with here.database.read() as session:
        return list(session.exec(select(WebmasterLink)).all())


def test_anybody_with_the_address_finds_lines_guides_and_check(here: Site, mona: Browser) -> None:
    url = send(mona, "mode=button&label=Book+now&service=follow-up")
    assert url.startswith(f"{HERE}/webmaster/")
    page = here.browser().get(path_of(url))
    assert page.status_code == 200
    text = unescape(page.text)
    assert f'<a href="{HERE}/book/willow" data-pencilin="button" data-service="follow-up">Book now</a>' in text
    for line in (f"script-src {HERE}", f"connect-src {HERE}", f"frame-src {HERE}", f"{HERE}/book/willow?service"):
        assert line in text
    for guide in ("Plain HTML", "WordPress", "Wix", "Squarespace", "Webflow", "WP Rocket", "Autoptimize",
                  "LiteSpeed Cache", "Complianz", "CookieYes", "Cookiebot"):  # fmt: skip
        assert guide in text
    assert "Not seen on any website yet" in text
    assert 'content="noindex, nofollow"' in text and page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


def test_it_tells_nothing_personal_and_lets_nobody_change_anything(here: Site, mona: Browser) -> None:
    text = here.browser().get(path_of(send(mona))).text
    for secret in ("Mona", "Dana", "Ana Ruiz", "Kim Lee", "@willow.example", "csrf", "<form", "/calendar", "/login"):
        assert secret not in text, secret
    assert "Mona" in mona.get(WIDGET).text, "the dashboard does say who made it"


def test_the_check_shows_what_was_seen_within_a_reload(here: Site, mona: Browser) -> None:
    path, visitor = path_of(send(mona)), here.browser()
    visitor.client.get("/api/v1/practices/willow", headers={"Origin": "http://localhost:8001"})
    visitor.client.get("/embed/willow/details", headers={"Referer": "http://localhost:8001/"})
    here.later(seconds=4)
    for address in (path, f"{path}/seen"):
        told = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", visitor.get(address).text)).replace("&nbsp;", " ")
        assert "Seen on http://localhost:8001 4 s ago: script ✓ frame ✓" in told
    mona.submit(mona.get(WIDGET), f"{WIDGET}/sites", sites="willow.example", only="these")
    refused = visitor.get(path).text
    assert "isn’t on the list: the form is refused there" in refused and "Ask the practice to add it" in refused


def test_a_revoked_page_is_gone_at_once(here: Site, mona: Browser) -> None:
    path = path_of(send(mona))
    here.later(seconds=1)
    other = path_of(send(mona, "mode=dialog"))
    link = here.links.read(Purpose.WEBMASTER, path.removeprefix("/webmaster/"), here.now)["link"]
    revocation = f"{WIDGET}/links/{link}/revocation"
    told = mona.follow(mona.submit(mona.get(WIDGET), revocation))
    assert "Revoked." in told.text and told.text.count("/revocation") == 1
    gone = here.browser().get(path)
    assert gone.status_code == 404 and "taken this link back" in gone.text and "/login" not in gone.text
    assert here.browser().get(f"{path}/seen").status_code == 404
    assert here.browser().get(other).status_code == 200
    again = mona.post(revocation, {"csrf": csrf_of(told)})
    assert again.status_code == 303, "once is enough"


def test_another_practice_s_page_cannot_be_revoked(here: Site, mona: Browser) -> None:
    path = path_of(send(mona))
    (link,) = links(here)
    birch = here.browser()
    birch.sign_in("mona@birch.example")
    page = birch.get(WIDGET)
    assert link.id not in page.text
    assert birch.post(f"{WIDGET}/links/{link.id}/revocation", {"csrf": csrf_of(page)}).status_code == 404
    assert here.browser().get(path).status_code == 200


def test_it_expires_and_leaves_the_list(here: Site, mona: Browser) -> None:
    path = path_of(send(mona))
    here.later(days=29)
    assert here.browser().get(path).status_code == 200
    here.later(days=1, hours=2)
    expired = here.browser().get(path)
    assert expired.status_code == 404 and "expired" in expired.text
    assert "/revocation" not in mona.follow(mona.sign_in("mona@willow.example")).text
    assert "/revocation" not in mona.get(WIDGET).text


def test_other_links_and_altered_ones_open_nothing(here: Site, mona: Browser) -> None:
    path = path_of(send(mona))
    (link,) = links(here)
    claims = {"practice": link.practice_id, "link": link.id}
    forged = [
        path.removeprefix("/webmaster/")[:-2] + "xx",
        here.links.make(Purpose.MANAGE, claims, link.expires_at),
        here.links.make(Purpose.WEBMASTER, claims | {"practice": here.other.practice.id}, link.expires_at),
        here.links.make(Purpose.WEBMASTER, {}, link.expires_at),
        Links([KEY[::-1]]).make(Purpose.WEBMASTER, claims, link.expires_at),
        link.id,
    ]
    for token in forged:
        assert here.browser().get(f"/webmaster/{token}").status_code == 404, token
    genuine = here.links.make(Purpose.WEBMASTER, claims, link.expires_at)
    assert here.browser().get(f"/webmaster/{genuine}").status_code == 200
    assert here.browser().get(f"/manage/{genuine}").status_code == 404


def test_making_and_revoking_is_written_down_by_id(here: Site, mona: Browser) -> None:
    send(mona, "label=Book+with+Ana")
    (link,) = links(here)
    mona.submit(mona.get(WIDGET), f"{WIDGET}/links/{link.id}/revocation")
    with here.database.read() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.subject_kind == handover.KIND)).all()
    assert [(row.action, row.staff_id, row.subject_id, row.fields) for row in rows] == [
        ("webmaster_link.created", here.cast.mona.id, link.id, []),
        ("webmaster_link.revoked", here.cast.mona.id, link.id, []),
    ]


def test_the_prepared_email_says_what_the_address_is(here: Site, mona: Browser) -> None:
    url = send(mona)
    mail = urlsplit(unescape(re.findall(r'href="(mailto:[^"]+)"', mona.get(WIDGET).text)[0]))
    said = parse_qs(mail.query)
    assert said["subject"] == ["The booking widget for Willow Nutrition"]
    assert url in said["body"][0].splitlines() and "until December 23, 2026" in said["body"][0]


def test_there_are_not_endlessly_many(here: Site, mona: Browser) -> None:
    def fill() -> None:
        for _ in range(handover.MOST_OPEN):
            here.database.write(lambda session, now: handover.create(session, here.cast.mona, Options(), now))

    fill()
    refused = mona.submit(mona.get(f"{WIDGET}?mode=dialog"), f"{WIDGET}/links")
    assert refused.status_code == 409 and "Revoke one that nobody needs" in refused.text
    assert 'data-pencilin="dialog"' in unescape(refused.text)
