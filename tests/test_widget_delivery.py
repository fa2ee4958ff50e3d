"""How the widget's files reach a website: compressed as the browser wishes, asked for again cheaply, pinned."""

import gzip
import hashlib
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

import pencilin
from pencilin.database import Database
from pencilin.web import assets, delivery
from pencilin.web.compression import best_encoding
from pencilin.web.delivery import versioned_widget
from tests.rig.machine import ROOT
from tests.staff_site import site
from tests.widget_site import SCRIPT, Booking, booking

WIDGET = ROOT / "backend" / "pencilin" / "assets" / "widget"
RELEASES = ROOT / "widget" / "releases"
BRIEFLY = "public, max-age=300, stale-while-revalidate=86400"


@pytest.fixture
def client(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    database = Database(sqlite_url)
    here = site(database, monkeypatch)
    yield TestClient(here.app, base_url=here.config.base_url)
    database.close()


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def raw(client: TestClient, path: str, accepted: str) -> tuple[str, bytes]:
    """The encoding of an answer, and its body as it was sent."""
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as given:
        assert given.headers["vary"] == "Accept-Encoding"
        return given.headers.get("content-encoding", "identity"), b"".join(given.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("br;q=0.4, gzip;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR ; Q=1.0", "br"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, *;q=0", "identity"),
        ("gzip;q=much", "identity"),
        ("deflate, zstd", "identity"),
        ("", "identity"),
    ],
)
def test_the_browsers_weights_decide_and_then_the_size(accepted: str, chosen: str) -> None:
    assert best_encoding(accepted, ("identity", "br", "gzip")) == chosen


@pytest.mark.parametrize(
    "path", ["/widget.js", "/assets/widget/details.js", "/assets/widget/page.css", "/assets/dashboard/calendar.js"]
)
def test_a_file_is_sent_as_it_was_compressed_when_it_was_built(client: TestClient, path: str) -> None:
    file = WIDGET / "widget.js" if path == "/widget.js" else WIDGET.parent / path.removeprefix("/assets/")
    plain = file.read_bytes()
    assert raw(client, path, "gzip, br") == ("br", Path(f"{file}.br").read_bytes())
    assert raw(client, path, "identity") == ("identity", plain)
    encoding, content = raw(client, path, "gzip")
    assert (encoding, gzip.decompress(content)) == ("gzip", plain)
    assert len(Path(f"{file}.br").read_bytes()) < len(content) < len(plain) / 2


def test_what_a_browser_has_is_not_sent_again_in_any_encoding(client: TestClient) -> None:
    tags = set()
    for accepted in ("br", "gzip", "identity"):
        asked = {"Accept-Encoding": accepted}
        first = client.head("/widget.js", headers=asked)
        tag = first.headers["etag"]
        tags.add(tag)
        assert (first.content, first.headers["content-type"]) == (b"", "text/javascript; charset=utf-8")
        assert int(first.headers["content-length"]) > 0
        for known in (tag, f'"other", W/{tag}', "*"):
            again = client.get("/widget.js", headers=asked | {"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert (again.headers["cache-control"], again.headers["vary"]) == (BRIEFLY, "Accept-Encoding")
            assert "content-encoding" not in again.headers
        assert client.get("/widget.js", headers=asked | {"If-None-Match": '"other"'}).status_code == 200
    assert len(tags) == 3


def test_a_tree_without_compressed_files_sends_them_plain(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(WIDGET / "widget.js", tmp_path)
    monkeypatch.setattr(delivery, "WIDGET", tmp_path / "widget.js")
    assert raw(client, "/widget.js", "gzip, br") == ("identity", (WIDGET / "widget.js").read_bytes())
    (tmp_path / "widget.js").write_text("rebuilt()")
    assert client.get("/widget.js").text == "rebuilt()"


def test_todays_widget_can_be_pinned(client: TestClient) -> None:
    pinned = versioned_widget()
    given = client.get(pinned.path)
    content = (WIDGET / "widget.js").read_bytes()
    assert given.content == content
    assert pinned.integrity == "sha384-" + b64encode(hashlib.sha384(content).digest()).decode()
    assert pinned.path.startswith(f"/widget/{pencilin.__version__}/")
    assert given.headers["cache-control"] == "public, max-age=31536000, immutable, no-transform"
    assert given.headers["access-control-allow-origin"] == "*"
    assert given.headers["content-type"] == "text/javascript; charset=utf-8"


def test_its_second_part_is_the_one_that_was_built_with_it(here: Booking, page: Page) -> None:
    (named,) = re.findall(rf"{re.escape(pencilin.__version__)}/\w+\.js", (WIDGET / "widget.js").read_text())
    with page.expect_response(f"**/widget/{named}*") as given:
        here.open(page)
        here.choose_slot(page)
    assert given.value.body() == (WIDGET / "later.js").read_bytes()
    assert "immutable" in given.value.headers["cache-control"]
    assert given.value.headers["access-control-allow-origin"] == "*"


def test_another_second_part_does_not_run_and_the_hosted_page_goes_on(here: Booking, page: Page) -> None:
    wrong = "window.stranger = true; export const sheet = ''"
    headers = {"Access-Control-Allow-Origin": "*"}
    part = f"**/widget/{pencilin.__version__}/*"
    page.route(part, lambda route: route.fulfill(body=wrong, content_type="text/javascript", headers=headers))
    here.open(page)
    here.choose_service(page)
    here.slot(page).click()
    expect(page.get_by_role("alert")).to_contain_text("The calendar didn’t load")
    assert page.evaluate("window.stranger") is None
    link = page.get_by_role("link", name="Open our booking page").get_attribute("href")
    page.unroute(part)
    page.goto(link or "")
    here.form(page)
    expect(page.get_by_text("Monday 23 November 2026, 11:30 AM, New York time")).to_be_visible()


def test_a_pinned_script_knows_its_server(here: Booking, page: Page) -> None:
    pinned = versioned_widget()
    script = SCRIPT.replace("/widget.js", pinned.path)
    here.open(page, script.replace("<script", f'<script crossorigin integrity="{pinned.integrity}"'))
    here.choose_service(page)
    expect(here.slot(page)).to_be_visible()


def test_a_release_is_served_for_ever_and_nothing_else_is(client: TestClient) -> None:
    (release,) = (RELEASES / "0.1.0").iterdir()
    given = client.get(f"/widget/0.1.0/{release.name}")
    assert given.content == release.read_bytes()
    assert "immutable" in given.headers["cache-control"]
    today = versioned_widget().path
    for path in (
        f"/widget/9.9.9/{release.name}",
        today.replace(pencilin.__version__, "9.9.9"),
        f"/widget/0.1.0/{'0' * 32}.js",
        "/widget/0.1.0/widget.js",
        f"/widget/releases/{release.name}",
        f"/widget/..%2freleases%2f0.1.0/{release.name}",
        f"/widget/0.1.0/..%5c0.1.0%5c{release.name}",
        f"/widget/{today.removeprefix('/widget/').upper()}",
    ):
        missing = client.get(path)
        assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store"), path


def test_each_release_is_kept_to_the_byte() -> None:
    """What a page has pinned by its hash: the file's name is the hash."""
    released = re.findall(r"^## \[(\d[^]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    kept = {folder.name: [file.name for file in folder.iterdir()] for folder in RELEASES.iterdir()}
    assert sorted(set(released) - {pencilin.__version__}) == sorted(kept.keys() - {pencilin.__version__})
    for version, names in kept.items():
        scripts = {name: (RELEASES / version / name).read_bytes() for name in names}
        for name, content in scripts.items():
            assert name == f"{hashlib.sha256(content).hexdigest()[:32]}.js", "a released script may never change"
        wanted = {found for content in scripts.values() for found in re.findall(rb"[0-9a-f]{32}\.js", content)}
        assert {name.encode() for name in names} >= wanted, "nor may what it fetches later be missing"


def test_only_built_files_are_served_as_such(client: TestClient) -> None:
    for path in (
        "/assets/widget/details.js.br",
        "/assets/widget/none.js",
        "/assets/widget/..%2fwidget%2fdetails.js",
        "/assets/widget/.js",
        "/assets/widget/..",
        f"/assets/widget/{'x' * 300}.js",
        "/assets/templates/base.html",
        "/assets/widget/words/en.json",
        "/assets//etc/passwd",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get(assets.asset("widget/details.js")).headers["cache-control"] == assets.FOR_EVER
    assert client.get("/assets/widget/details.js").headers["cache-control"] == "no-cache"


def test_free_times_are_packed_where_that_is_worth_it(client: TestClient) -> None:
    path = "/api/v1/practices/willow"
    month = f"{path}/availability?service=follow-up&days=31"
    for address, least in ((month, 8), (path, 2)):
        encoding, small = raw(client, address, "gzip, br")
        plain = raw(client, address, "identity")[1]
        assert (encoding, gzip.decompress(small)) == ("gzip", plain)
        assert len(small) * least < len(plain)
    tags = [client.get(path, headers={"Accept-Encoding": way}).headers["etag"] for way in ("gzip", "identity")]
    assert tags[0] != tags[1]
    asked = {"Accept-Encoding": "gzip", "If-None-Match": tags[0]}
    assert client.get(path, headers=asked).status_code == 304
    assert raw(client, f"{path}/availability?service=follow-up&from=2026-11-28&days=1", "gzip")[0] == "identity"


def test_words_come_one_language_at_a_time(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "WORDS", tmp_path)
    (tmp_path / "de.json").write_text('{"picker": {"change": "Ändern"}}', encoding="utf-8")
    given = client.get("/widget/words/de.json", headers={"Origin": "https://willow.example"})
    assert given.json() == {"picker": {"change": "Ändern"}}
    assert given.headers["content-type"] == "application/json"
    assert given.headers["cache-control"] == BRIEFLY
    assert given.headers["access-control-allow-origin"] == "*"
    known = {"If-None-Match": given.headers["etag"]}
    assert client.get("/widget/words/de.json", headers=known).status_code == 304
    for language in ("fr", "DE", "d", "..", "de.json%00"):
        assert client.get(f"/widget/words/{language}.json").status_code == 404, language
