"""Settings → Website widget: the snippet and its options, a preview, where it was seen, and what may show the form."""

import io
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import quote, urlencode

import segno
from babel.dates import format_date
from starlette.responses import Response

from pencilin import addresses, i18n
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.rules.colours import under_white_text
from pencilin.web import website_words
from pencilin.web.dashboard.moments import day_in
from pencilin.web.dashboard.settings import WIDGET, show_settings
from pencilin.web.http import answer, page
from pencilin.web.security import StaffCall
from pencilin.website import handover, sightings, snippet
from pencilin.website.handover import Sent

ADDRESS = WIDGET.address
# What a press has done, by the word that stands in the address afterwards: where on the page it is told, and how.
DONE = {
    "any": ("sites", "Saved. Any website may show the form."),
    "sites": ("sites", "Saved. Only the websites in the list may show the form."),
    "added": ("sites", "Added. The form works there from the next visit on."),
    "link": ("webmaster", "The page for your webmaster is ready: copy its address, or write an email with it."),
    "revoked": ("webmaster", "Revoked. The address doesn’t work any more."),
}
MAIL = """Hello,

this page has the lines for our booking widget, with a guide for your system and a live check:

{url}

It needs no password and works until {until}.

Thank you!
"""


def widget_page(call: StaffCall) -> Response:
    """``GET /settings/widget``; the snippet's options are in the query."""
    return show_page(call, call.request.query_params, done=call.request.query_params.get("done", ""))


def show_page(
    call: StaffCall,
    given: Mapping[str, str],
    *,
    done: str = "",
    status: int = 200,
    sites: str | None = None,
    problem: str = "",
    link_problem: str = "",
) -> Response:
    """The page with the options in ``given``.

    ``sites`` is a list as it was typed and ``problem`` what is wrong in it, ``link_problem`` why there is no new link.
    """
    database = call.server.database
    now = database.clock()
    with database.read() as session:
        catalogue = read_catalogue(session, call.practice)
        seen = sightings.listing(session, call.practice)
        shown = website_words.where_seen(session, call.practice, now)
        links = handover.still_open(session, call.practice.id, now)
    options, wrong = snippet.read(given, catalogue)
    suggested = not call.practice.sites and sites is None
    listed = sightings.to_suggest(seen) if suggested else call.practice.sites
    return show_settings(
        call,
        "widget.html",
        WIDGET,
        status=status,
        fields=asdict(options) | {name: given[name] for name in wrong},
        wrong=wrong,
        accent=under_white_text(options.accent or call.practice.accent),
        choices=_choices(catalogue),
        lines=website_words.lines(call, call.practice, options),
        query=urlencode(options.chosen()),
        shown=shown,
        restricted=bool(call.practice.sites),
        suggested=suggested and bool(listed),
        sites="\n".join(listed) if sites is None else sites,
        problem=problem,
        link_problem=link_problem,
        done=DONE.get(done, ("", "")),
        links=[_link(call, one) for one in links],
    )


def rewrite(call: StaffCall) -> Response:
    """``GET /settings/widget/snippet``: what changes on the page with the options, for its script."""
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
    options, wrong = snippet.read(call.request.query_params, catalogue)
    lines = website_words.lines(call, call.practice, options)
    query = urlencode(options.chosen())
    return answer(
        {"snippet": lines.snippet, "hosted": lines.hosted, "label": lines.label, "query": query, "wrong": wrong}
    )


def preview(call: StaffCall) -> Response:
    """``GET /settings/widget/preview``: a small website with the widget, for the frame on our own page."""
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
    options, _ = snippet.read(call.request.query_params, catalogue)
    return page(
        call,
        "dashboard/settings/preview.html",
        frame_ancestors="'self'",
        practice=call.practice,
        label=options.label or website_words.lines(call, call.practice, options).label,
        attributes=snippet.attributes(options),
        theme=options.theme,
    )


def qr_code(call: StaffCall) -> Response:
    """``GET /settings/widget/qr.svg``: the hosted page's address, for a poster or a card."""
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
    options, _ = snippet.read(call.request.query_params, catalogue)
    drawn = io.BytesIO()
    code = segno.make(website_words.lines(call, call.practice, options).hosted, error="m", micro=False)
    code.save(drawn, kind="svg", scale=8, border=4, dark="#17212b", light="#ffffff", svgclass=None, lineclass=None)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


def seen(call: StaffCall) -> Response:
    """``GET /settings/widget/seen``: the list of websites alone, for the page's script."""
    database = call.server.database
    with database.read() as session:
        shown = website_words.where_seen(session, call.practice, database.clock())
    return page(call, "dashboard/settings/seen.html", shown=shown, csrf=call.csrf, query=call.request.url.query)


def _choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """The values of each option that is chosen from a list, with what they are called."""
    return {
        "mode": snippet.MODES,
        "lang": {"": "The page’s own"} | i18n.NAMES,
        "theme": snippet.THEMES,
        "script": snippet.SCRIPTS,
        "service": {"": "All services"} | {one.slug: one.name for one in catalogue.services},
        "practitioner": {"": "All practitioners"} | {one.slug: one.name for one in catalogue.practitioners},
        "location": {"": "All locations"} | {one.slug: one.name for one in catalogue.locations},
    }


def _link(call: StaffCall, sent: Sent) -> dict[str, str]:
    practice, link = call.practice, sent.link
    locale = i18n.spoken(practice.staff_locale)
    made, until = (
        format_date(day_in(moment, practice.timezone), "long", locale) for moment in (link.created_at, link.expires_at)
    )
    url = addresses.webmaster_url(call.server.config.base_url, call.server.links, link)
    subject = f"The booking widget for {practice.name}"
    body = MAIL.format(url=url, until=until).replace("\n", "\r\n")
    return {
        "id": link.id,
        "url": url,
        "by": sent.by,
        "made": made,
        "until": until,
        "mail": f"mailto:?subject={quote(subject)}&body={quote(body)}",
        "about": ", ".join(link.options.values()),
    }
