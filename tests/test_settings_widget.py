"""Settings → Website widget: the snippet with every option, who may show the form, and what is written down of it."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from httpx2 import Response
from sqlmodel import Session, select

from pencilin.database import Database
from pencilin.i18n import NAMES
from pencilin.models import AuditEntry, Practice
from pencilin.web.delivery import versioned_widget
from pencilin.website import sightings, sites
from pencilin.website.sightings import Seen
from pencilin.wording import words
from tests.cast import NOW
from tests.screens import signed_in
from tests.staff_site import HERE, Browser, Forms, Site, site

WIDGET = "/settings/widget"
PLAIN = f"""<a href="{HERE}/book/willow" data-pencilin="inline">Book an appointment</a>
<script async src="{HERE}/widget.js"></script>"""


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.fixture
def mona(here: Site) -> Browser:
    return signed_in(here, "mona")


def field(page: Response, name: str) -> str:
    """What is to be copied."""
    text = re.search(rf'<textarea[^>]* id="{name}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    value = re.search(rf'<input[^>]* id="{name}" value="(.*?)"', page.text)
    found = text or value
    assert found, name
    return unescape(found[1])


def seen(here: Site, *origins: str, what: Seen = Seen.SCRIPT) -> None:
    def work(session: Session, _: object) -> None:
        for origin in origins:
            sightings.note(session, here.cast.practice.id, origin, what, NOW)

    here.database.write(work)


def listed(here: Site) -> list[str]:
    with here.database.read() as session:
        return session.get_one(Practice, here.cast.practice.id).sites


def audited(here: Site) -> list[tuple[str, str | None, list[str]]]:
    with here.database.read() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.subject_kind == "practice")).all()
        return [(row.action, row.staff_id, row.fields) for row in rows]


# The snippet


def test_without_a_choice_it_is_the_contract_s_two_lines(mona: Browser) -> None:
    page = mona.get(WIDGET)
    assert field(page, "snippet") == PLAIN
    assert field(page, "hosted") == f"{HERE}/book/willow"
    assert field(page, "policy").splitlines() == [f"script-src {HERE}", f"connect-src {HERE}", f"frame-src {HERE}"]


def test_options_rewrite_it_with_and_without_scripts(mona: Browser) -> None:
    chosen = {
        "mode": "floating",
        "label": 'Book "now" <b>',
        "lang": "pt",
        "theme": "dark",
        "accent": "#0F766E",
        "service": "follow-up",
        "practitioner": "ana",
        "location": "main-street",
    }
    query = "&".join(f"{name}={value.replace('#', '%23')}" for name, value in chosen.items())
    page = mona.get(f"{WIDGET}?{query}")
    link, script = field(page, "snippet").split("\n")
    assert link == (
        f'<a href="{HERE}/book/willow" data-pencilin="floating" data-service="follow-up" data-practitioner="ana"'
        ' data-location="main-street" data-lang="pt" data-theme="dark" data-accent="#0F766E">'
        'Book "now" &lt;b&gt;</a>'
    )
    assert script == f'<script async src="{HERE}/widget.js"></script>'
    hosted = f"{HERE}/book/willow?service=follow-up&practitioner=ana&location=main-street&lang=pt"
    assert field(page, "hosted") == hosted
    written = mona.get(f"{WIDGET}/snippet?{query}").json()
    assert (written["snippet"], written["hosted"], written["wrong"]) == (f"{link}\n{script}", hosted, {})
    again = mona.get(f"{WIDGET}?{written['query']}")
    assert field(again, "snippet") == f"{link}\n{script}"
    for name in ("mode", "lang", "theme", "service"):
        assert f'<option value="{chosen[name]}" selected>' in again.text


def test_a_link_without_a_text_speaks_the_widget_s_language(mona: Browser) -> None:
    page = mona.get(WIDGET).text
    assert [name for lang, name in NAMES.items() if not re.search(rf'<option value="{lang}"[^>]*>{name}<', page)] == []
    for lang, said in (("es", words("es", "picker")["region"]), ("ar", words("ar", "picker")["region"])):
        link = field(mona.get(f"{WIDGET}?lang={lang}"), "snippet").split("\n")[0]
        assert link == f'<a href="{HERE}/book/willow" data-pencilin="inline" data-lang="{lang}">{said}</a>'
        assert f">{said}</a>" in mona.get(f"{WIDGET}/preview?lang={lang}").text


def test_a_pinned_release_is_checked_by_the_browser(mona: Browser) -> None:
    release = versioned_widget()
    script = field(mona.get(f"{WIDGET}?script=pinned"), "snippet").split("\n")[1]
    assert script == (
        f'<script async src="{HERE}{release.path}" integrity="{release.integrity}" crossorigin="anonymous"></script>'
    )


def test_what_is_wrong_is_said_at_its_field_and_left_out(mona: Browser) -> None:
    page = mona.get(f"{WIDGET}?accent=red&label={'x' * 61}&service=nope&mode=popup&lang=xx&script=evil")
    assert field(page, "snippet") == PLAIN
    assert "Give a colour like #0f766e" in page.text and "Use at most 60 characters" in page.text
    assert 'value="red"' in page.text, "what was typed stays"
    assert set(mona.get(f"{WIDGET}/snippet?accent=red&label=%0A").json()["wrong"]) == {"accent"}


def test_the_preview_is_the_real_widget_framed_by_us_alone(mona: Browser) -> None:
    page = mona.get(f"{WIDGET}/preview?service=follow-up&theme=dark&label=Book+now")
    assert 'data-pencilin="inline" data-service="follow-up" data-theme="dark">Book now</a>' in page.text
    assert re.search(r'<script nonce="[\w-]+" async src="/widget.js">', page.text)
    assert page.headers["content-security-policy"].endswith("frame-ancestors 'self'")
    assert f'src="{WIDGET}/preview?service=follow-up"' in mona.get(f"{WIDGET}?service=follow-up").text


def test_the_qr_code_is_a_drawing_of_the_hosted_address(mona: Browser) -> None:
    plain, filtered = (mona.get(f"{WIDGET}/qr.svg{query}") for query in ("", "?service=follow-up"))
    assert plain.headers["content-type"] == "image/svg+xml"
    assert ElementTree.fromstring(plain.text).tag == "{http://www.w3.org/2000/svg}svg"
    assert plain.content != filtered.content
    assert plain.content == mona.get(f"{WIDGET}/qr.svg").content


def test_only_managers_find_the_settings(here: Site, mona: Browser) -> None:
    assert 'href="/settings"' in mona.get("/calendar").text
    assert mona.follow(mona.get("/settings")).status_code == 200
    for name in ("dana", "ana"):
        browser = signed_in(here, name)
        assert 'href="/settings"' not in browser.get("/calendar").text
        assert browser.get(WIDGET).status_code == 403


# Only these sites


def test_the_list_is_prefilled_with_where_it_was_seen(here: Site, mona: Browser) -> None:
    used = ("https://willow.example", "https://www.willow.example", "http://localhost:3000")
    seen(here, "https://forged.example", *used)
    page = mona.get(WIDGET)
    assert "forged.example" in page.text and field(page, "sites-list") == "", "a script alone books nothing"
    seen(here, *used, what=Seen.FRAME)
    page = mona.get(WIDGET)
    assert len(field(page, "sites-list").splitlines()) == 2, "www. alone makes no other site"
    assert "Filled in with the websites above" in page.text
    assert listed(here) == [], "only a suggestion so far"


def save(browser: Browser, text: str, only: str = "these") -> Response:
    return browser.submit(browser.get(WIDGET), f"{WIDGET}/sites", sites=text, only=only)


def test_only_these_sites_may_show_the_form_until_any_may(here: Site, mona: Browser) -> None:
    saved = save(mona, "www.willow.example\n\nhttp://birch.example/contact?x=1")
    assert "Only the websites in the list" in mona.follow(saved).text
    assert listed(here) == ["https://www.willow.example", "http://birch.example"]
    policy = mona.get("/embed/willow/details").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://willow.example https://www.willow.example http://birch.example" in policy
    assert mona.get("/embed/birch/details").headers["content-security-policy"].endswith("frame-ancestors *")
    save(mona, "www.willow.example\nhttp://birch.example")
    entry = ("practice.sites_changed", here.cast.mona.id, ["sites"])
    assert audited(here) == [entry], "nothing changed the second time"
    assert "Any website may show" in mona.follow(save(mona, "www.willow.example", only="")).text
    assert listed(here) == [] and audited(here) == [entry, entry]


def test_sites_in_one_line_are_as_many(here: Site, mona: Browser) -> None:
    save(mona, "a.example,www.a.example, b.example:8443 http://[2001:db8::1]/\n,")
    assert listed(here) == ["https://a.example", "https://b.example:8443", "http://[2001:db8::1]"]
    policy = mona.get("/embed/willow/details").headers["content-security-policy"]
    assert "," not in policy and policy.count("frame-ancestors") == 1 and "https://www.b.example:8443" in policy


def test_a_list_that_cannot_be_read_stays_as_it_was_typed(here: Site, mona: Browser) -> None:
    for typed, told in (
        ("willow.example\nnot a site", "Line 2 should be the address of a website"),
        ("https://*.willow.example", "Line 1"),
        ("javascript:alert(1)", "Line 1"),
        ("https://willow.example;sandbox", "Line 1"),
        ("willow.example'", "Line 1"),
        ("-willow.example", "Line 1"),
        ("willow", "Line 1"),
        ("https://mona:secret@willow.example", "Line 1"),
        ("", "List at least one website"),
        ("\n".join(f"{number}.example" for number in range(51)), "at most 50"),
    ):
        refused = save(mona, typed)
        assert refused.status_code == 422 and told in unescape(refused.text), typed
        assert field(refused, "sites-list") == typed
        assert 'aria-invalid="true"' in refused.text and 'value="these" checked' in refused.text
        assert listed(here) == [] and audited(here) == []
    assert mona.get(f"{WIDGET}/sites").headers["location"] == WIDGET, "a reload leads back"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Willow.Example", "https://willow.example"),
        ("https://willow.example/", "https://willow.example"),
        ("https://willow.example/book#now", "https://willow.example"),
        ("HTTPS://willow.example:443", "https://willow.example"),
        ("http://willow.example:8080", "http://willow.example:8080"),
        ("müller.example", "https://xn--mller-kva.example"),
        ("localhost:3000", "https://localhost:3000"),
    ],
)
def test_a_site_may_be_typed_or_pasted(typed: str, kept: str) -> None:
    assert sites.parse(typed) == [kept]


def test_a_refused_website_is_named_and_added_with_one_press(here: Site, mona: Browser) -> None:
    save(mona, "willow.example")
    seen(here, "https://www.willow.example", "https://studio.example")
    page = mona.get(f"{WIDGET}?mode=dialog")
    assert "studio.example isn’t on the list: the form is refused there." in page.text
    assert "willow.example isn’t on the list" not in page.text
    added = mona.submit(page, f"{WIDGET}/sites/addition")
    assert "mode=dialog" in added.headers["location"], "the snippet's options stay"
    assert "isn’t on the list" not in mona.follow(added).text
    assert listed(here) == ["https://willow.example", "https://studio.example"]
    told = mona.submit(page, f"{WIDGET}/sites/addition", site="not a site")
    assert told.status_code == 422 and field(told, "sites-list").splitlines() == listed(here)
    mona.submit(page, f"{WIDGET}/sites/addition")
    assert len(listed(here)) == 2 and len(audited(here)) == 2


def test_adding_to_no_list_restricts_nothing(here: Site, mona: Browser) -> None:
    token = Forms(mona.get(WIDGET).text).forms[f"{WIDGET}/sites"]["csrf"]
    mona.post(f"{WIDGET}/sites/addition", {"csrf": token, "site": "https://studio.example"})
    assert listed(here) == []
    for wrong in ("", "not a site"):
        told = mona.post(f"{WIDGET}/sites/addition", {"csrf": token, "site": wrong})
        assert told.status_code == 422 and listed(here) == []


def test_the_list_is_told_alone_for_the_page_s_script(here: Site, mona: Browser) -> None:
    assert "Not seen on any website yet" in mona.get(f"{WIDGET}/seen").text
    seen(here, "https://willow.example")
    here.later(seconds=4)
    told = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", unescape(mona.get(f"{WIDGET}/seen").text))).replace("\xa0", " ")
    assert "Seen on willow.example 4 s ago: script ✓ frame –" in told
