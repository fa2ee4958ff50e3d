"""How a mail says when a visit is, and the way there."""

from dataclasses import dataclass

from pencilin import i18n, wording
from pencilin.mail.visits import Visit
from pencilin.models import LocationKind, WhoCalls


@dataclass(frozen=True, slots=True)
class Words:
    """The times of a visit and the way there, in the reader's language."""

    date: str
    clock: str
    comma: str
    zone: str
    full: str
    subject: str
    answer_due: str
    way: str | None


def words(visit: Visit, locale: str, *, promise_link: bool, tell_call: bool = False) -> Words:
    """How a visit's facts are said in a locale; ``promise_link`` says that the link of a video visit is to come, and
    ``tell_call`` tells a client who calls whom.
    """
    zone = visit.timezone
    city = i18n.zone_city(zone, locale)
    due = visit.answer_due or visit.start
    return Words(
        date=i18n.full_date(visit.start.astimezone(visit.zone).date(), locale),
        clock=i18n.spoken_clock(visit.start, zone, locale),
        comma=i18n.comma(locale),
        zone=i18n.zone_name(visit.start, zone, locale),
        full=i18n.full_time(visit.start, zone, locale),
        subject=i18n.listed(locale, i18n.brief_time(visit.start, zone, locale), city),
        answer_due=i18n.listed(locale, i18n.date_and_clock(due, zone, locale), city),
        way=call(visit, locale) if tell_call and visit.who_calls else _way(visit, locale, promise_link=promise_link),
    )


def _way(visit: Visit, locale: str, *, promise_link: bool) -> str | None:
    if visit.location_kind == LocationKind.VIDEO:
        if visit.join_url or not promise_link:
            return None
        return wording.text(i18n.spoken(locale).language, "letter", "linkToCome", folder=wording.MAIL)
    return visit.address


def call(visit: Visit, locale: str) -> str | None:
    """*We call you*, or that the client calls, as the client reads it; None for a visit that isn't by phone."""
    if visit.who_calls is None:
        return None
    name = "weCall" if visit.who_calls is WhoCalls.PRACTICE else "youCall"
    return wording.text(i18n.spoken(locale).language, "letter", name, folder=wording.MAIL)
