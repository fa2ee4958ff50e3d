"""Settings → Practice: its name, how it is reached, its zone and languages, and how it looks to clients."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale, UnknownLocaleError
from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.responses import Response

from pencilin import i18n
from pencilin.errors import Invalid
from pencilin.models import Staff
from pencilin.practices import forms, logos, profile
from pencilin.practices.profile import OtherZone
from pencilin.rules import colours
from pencilin.web.dashboard import editing
from pencilin.web.dashboard.editing import Form
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings import PRACTICE, show_settings
from pencilin.web.hosted.logo import logo_address
from pencilin.web.http import page, see_other
from pencilin.web.security import StaffCall

ADDRESS = PRACTICE.address
# A picture and the fields around it.
LARGEST_UPLOAD = logos.LARGEST + 64 * 1024


def practice_page(call: StaffCall) -> Response:
    """``GET /settings/practice``"""
    return _show(call, editing.shown(profile.fields(call.practice)))


def save(call: StaffCall) -> Response:
    """``POST /settings/practice``"""
    typed = editing.sent(call, profile.FIELDS)

    def work(session: Session, now: datetime) -> None:
        stored = profile.fields(forms.practice_of(session, call.staff))
        profile.save(session, call.staff, editing.merged(call, typed, stored), call.field("sure_of"), now)

    try:
        call.server.database.write(work)
    except Invalid as error:
        sure_of = profile.known_zone(typed["timezone"]) if isinstance(error, OtherZone) else ""
        return _show(call, editing.refused(call, typed, error), sure_of=sure_of)
    return say(call, see_other(ADDRESS), "Saved. Clients see it at once.")


def save_logo(call: StaffCall) -> Response:
    """``POST /settings/practice/logo``: a picture."""
    sent = call.form.get("logo")
    content = sent.file.read(logos.LARGEST + 1) if isinstance(sent, UploadFile) else b""
    try:
        call.server.database.write(lambda session, now: logos.save(session, call.staff, content, now))
    except Invalid as error:
        return _show(call, editing.shown(profile.fields(call.practice)), logo_problem=error.fields["logo"])
    return say(call, see_other(f"{ADDRESS}#logo"), "Saved. The logo stands above the booking pages.")


def remove_logo(call: StaffCall) -> Response:
    """``POST /settings/practice/logo/removal``"""
    return _done(call, logos.take_away, "Removed the logo.", Undo(f"{ADDRESS}/logo/restoration"))


def restore_logo(call: StaffCall) -> Response:
    """``POST /settings/practice/logo/restoration``: undoes the removal."""
    return _done(call, logos.put_back, "The logo is back.")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts."""
    return see_other(ADDRESS)


def accent(call: StaffCall) -> Response:
    """``GET /settings/practice/accent.svg?colour=``: how the colour looks on a button, on light and on dark pages."""
    given = colours.readable(call.request.query_params.get("colour")) or colours.readable(colours.DEFAULT_ACCENT)
    drawn = page(call, "dashboard/settings/accent.svg", look=given)
    return Response(drawn.body, media_type="image/svg+xml")


def _done(
    call: StaffCall, work: Callable[[Session, Staff, datetime], None], words: str, undo: Undo | None = None
) -> Response:
    call.server.database.write(lambda session, now: work(session, call.staff, now))
    return say(call, see_other(f"{ADDRESS}#logo"), words, undo)


def _show(call: StaffCall, form: Form, *, sure_of: str = "", logo_problem: str = "") -> Response:
    wrong = bool(form.wrong or logo_problem)
    typed = form.values["accent"]
    look = colours.readable(typed)
    return show_settings(
        call,
        "practice.html",
        PRACTICE,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        form=form,
        sure_of=sure_of,
        zones=zones(),
        countries=countries(),
        locales=_locales(form.values["country"], form.was.get("locale", "")),
        accent=typed if look else colours.DEFAULT_ACCENT,
        adjusted=look.light if look and look.light != typed.lower() else "",
        logo=logo_address(call.practice),
        logo_problem=logo_problem,
        largest_logo=logos.LARGEST,
        too_large=logos.TOO_LARGE,
    )


@lru_cache(maxsize=1)
def zones() -> list[str]:
    """The time zones to choose from: those that are named after a place."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [*(zone for zone in sorted(available_timezones()) if zone.startswith(areas)), "UTC"]


@lru_cache(maxsize=1)
def countries() -> Mapping[str, str]:
    """Names by code, of all countries whose phone numbers can be read."""
    names = Locale("en").territories
    known = {code: names.get(code, code) for code in phonenumbers.SUPPORTED_REGIONS}
    return dict(sorted(known.items(), key=lambda pair: pair[1]))


def _locales(country: str, stored: str) -> Mapping[str, str]:
    """Each language of the booking pages, as it is and in the country's own form; and the one that is set."""
    codes = [code for language in i18n.LANGUAGES for code in (language, f"{language}-{country}")]
    return {code: name for code in [*codes, *([stored] if stored not in codes else [])] if (name := _language(code))}


def _language(code: str) -> str:
    """*Deutsch (Schweiz)*; empty for a form that nobody writes."""
    try:
        locale = Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return ""
    own = i18n.NAMES.get(locale.language, locale.language)
    return f"{own} ({locale.get_territory_name()})" if locale.territory else own
