"""The steps as pages: each function shows one of them, for a visitor who looks or for one whose form came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from pencilin import holds, i18n
from pencilin.catalogue import Catalogue
from pencilin.models import Practice, Practitioner
from pencilin.rules import colours
from pencilin.rules.asks import asked
from pencilin.web import asking
from pencilin.web.hosted.choice import Choice, bookable, locations_for, practitioners_for
from pencilin.web.hosted.form_token import FormToken, new_token
from pencilin.web.hosted.logo import logo_address
from pencilin.web.hosted.personal import here
from pencilin.web.hosted.reader import Reader, reader_of
from pencilin.web.hosted.times import Time, times_of
from pencilin.web.hosted.typed import TRAP, Problems
from pencilin.web.http import Call, page

TEMPLATE = "widget/book.html"


@dataclass(frozen=True)
class Visitor:
    """Who looks at a step: what they typed so far, and the token of the form that they are in.

    ``widget`` is what the widget takes over where scripts run; None on pages that came of a form, which stay plain.
    ``asked`` is what the address asks for, to be asked again in another language.
    """

    call: Call
    catalogue: Catalogue
    reader: Reader
    token: FormToken
    typed: Mapping[str, str] = field(default_factory=dict)
    widget: Mapping[str, str] | None = None
    asked: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def looking(
        cls, call: Call, session: Session, widget: Mapping[str, str] | None, asked: Mapping[str, str]
    ) -> "Visitor":
        """Somebody who followed a link, or typed the address."""
        catalogue = asking.catalogue_of(call, session)
        practice = catalogue.practice
        return cls(call, catalogue, reader_of(call, practice), new_token(call, practice), widget=widget, asked=asked)


def service_step(visitor: Visitor) -> Response:
    """What the visit is for."""
    return _show(visitor, "service", services=bookable(visitor.catalogue))


def time_step(
    session: Session, visitor: Visitor, choice: Choice, wanted: date | None, *, notice: str = "", status: int = 200
) -> Response:
    """With whom, where and when; ``wanted`` is the day or month to show, ``notice`` what went wrong before."""
    catalogue, now = visitor.catalogue, visitor.call.server.database.clock()
    return _show(
        visitor,
        "time",
        status=status,
        choice=choice,
        times=times_of(session, catalogue, choice, wanted, visitor.reader, now),
        practitioners=practitioners_for(catalogue, choice.service),
        locations=locations_for(catalogue, choice.service, None),
        changeable=len(bookable(catalogue)) > 1,
        notice=notice,
        now=now,
    )


def details_step(
    session: Session,
    visitor: Visitor,
    choice: Choice,
    start: datetime,
    hold: str,
    *,
    problems: Problems | None = None,
    failure: str = "",
    taken: Sequence[Time] | None = None,
    status: int = 200,
) -> Response:
    """The form. ``hold`` may have ended; ``taken`` are other times, if this one is gone."""
    practice, now = visitor.catalogue.practice, visitor.call.server.database.clock()
    held = holds.live(session, practice, hold, now) if hold else None
    if held and (held.start, held.service_id) != (start, choice.service.id):
        held = None
    holder = session.get(Practitioner, (practice.id, held.practitioner_id)) if held else choice.practitioner
    return _show(
        visitor,
        "details",
        status=status,
        choice=choice,
        start=start.astimezone(visitor.catalogue.zone(choice.location)),
        held=held,
        extendable=held is not None and held.extensions < holds.MOST_EXTENSIONS,
        practitioner=holder,
        problems=problems or {},
        failure=failure,
        taken=taken,
        trap=TRAP,
        asks=asked(practice.asks),
    )


def _show(visitor: Visitor, step: str, *, status: int = 200, **context: Any) -> Response:
    practice, reader = visitor.catalogue.practice, visitor.reader
    return public_page(
        visitor.call,
        reader,
        TEMPLATE,
        status=status,
        practice=practice,
        step=step,
        token=visitor.token.text,
        typed=visitor.typed,
        widget=visitor.widget,
        asked=visitor.asked,
        **context,
    )


def public_page(
    call: Call, reader: Reader, template: str, *, practice: Practice, status: int = 200, **context: Any
) -> Response:
    """A page in the reader's language and the practice's colour, with a way to read it in another language."""
    response = page(
        call,
        template,
        status=status,
        practice=practice,
        reader=reader,
        lang=reader.locale,
        direction=reader.direction,
        look=colours.readable(practice.accent),
        languages=i18n.NAMES,
        picker={**reader.words("picker"), **reader.words("held")},
        details=reader.words("details"),
        book=reader.words("pages")["book"],
        logo=logo_address(practice),
        here=here(call, practice),
        **context,
    )
    response.headers["Vary"] = "Accept-Language"
    return response
