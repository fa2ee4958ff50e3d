"""Errors as answers: problem+json (RFC 9457) for programs, a page with a way on for people."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import ExceptionHandler

from pencilin import errors, i18n, wording
from pencilin.web.cors import READABLE, is_readable
from pencilin.web.headers import default_headers
from pencilin.web.http import Call, page, server_of
from pencilin.web.languages import locale_for

# The first that fits counts, so the special ones come first.
STATUSES: tuple[tuple[type[errors.PencilinError], HTTPStatus], ...] = (
    (errors.Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.FileTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.UnsupportedMediaType, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (errors.IdempotencyKeyMissing, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.IdempotencyKeyReused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.LinkExpired, HTTPStatus.GONE),
    (errors.LinkUnusable, HTTPStatus.NOT_FOUND),
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.SignInNeeded, HTTPStatus.UNAUTHORIZED),
    (errors.Forbidden, HTTPStatus.FORBIDDEN),
    (errors.SlowDown, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)
RETRY_UNAVAILABLE = "30"  # seconds

# What the framework refuses by itself: code, and what happened and what to do in words.
REFUSALS: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request can’t be read. Go back, reload the page and try again."),
    404: (errors.NotFound.code, errors.NotFound.default),
    405: ("method_not_allowed", "This address can’t be used in this way."),
    408: ("too_slow", "This arrived too slowly, so nothing was changed. Check your connection and send it again."),
    413: ("too_large", "That is more than this page takes. Send less."),
    415: (errors.UnsupportedMediaType.code, errors.UnsupportedMediaType.default),
}

TITLES: Mapping[int, str] = {
    400: "This can’t be read",
    401: "Please sign in",
    403: "Not allowed",
    404: "Nothing here",
    405: "That doesn’t work here",
    408: "That took too long",
    409: "Somebody was faster",
    410: "This link has expired",
    413: "Too much at once",
    415: "That can’t be read",
    422: "Please check what was sent",
    429: "Too many tries",
    503: "Please try again in a minute",
}
# What says more than its status does.
HEADINGS: Mapping[str, str] = {errors.LinkUnusable.code: "This link doesn’t work"}
UNEXPECTED = "Something went wrong on our side, and nothing was changed. Please try again in a minute."

# Pages of clients and webmasters, which offer no way to the dashboard.
PUBLIC_PAGES = ("/book/", "/embed/", "/manage/", "/calendar-feed/", "/webmaster/")


def respond(
    request: Request, status: int, code: str, detail: str, more: Mapping[str, object], headers: Mapping[str, str]
) -> Response:
    """The answer to something that went wrong, in the form that fits whoever asked."""
    if _wants_json(request):
        body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
        return JSONResponse({**body, "code": code, **more}, status, dict(headers), "application/problem+json")
    public = request.url.path.startswith(PUBLIC_PAGES)
    # The frame stands in other sites' pages, and so do its errors.
    ancestors = "*" if request.url.path.startswith("/embed/") else "'none'"
    heading = HEADINGS.get(code) or TITLES.get(status, "Something went wrong")
    response = page(
        Call(request, server_of(request)),
        "widget/problem.html" if public else "dashboard/error.html",
        status=status,
        frame_ancestors=ancestors,
        fields=more.get("fields", {}),
        **(_in_words(request, code, heading, detail) if public else {"heading": heading, "message": detail}),
    )
    for name, value in headers.items():
        response.headers.setdefault(name, value)  # the page's own content policy stays
    return response


def told(request: Request, error: Exception) -> Response:
    """The answer to an error that was raised to be told."""
    assert isinstance(error, errors.PencilinError)
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    headers: dict[str, str] = {}
    more: dict[str, object] = {}
    if isinstance(error, errors.SlowDown):
        headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, errors.Unavailable):
        headers["Retry-After"] = RETRY_UNAVAILABLE
    elif isinstance(error, errors.Invalid) and error.fields:
        more["fields"] = error.fields
    elif isinstance(error, errors.SlotTaken):
        more["alternatives"] = error.alternatives
    return respond(request, status, error.code, str(error), more, headers)


def refused(request: Request, error: Exception) -> Response:
    """The answer to what the framework refused: an unknown path, a wrong method, too large a body."""
    assert isinstance(error, HTTPException)
    code, detail = REFUSALS.get(error.status_code, REFUSALS[400])
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers or {}
    return respond(request, error.status_code, code, detail, {}, headers)


def unexpected(request: Request, error: Exception) -> Response:
    """The answer to an error that nobody foresaw; the server's log has it.

    It is sent from outside all middleware, hence the headers.
    """
    headers = default_headers(server_of(request).config)
    if is_readable(request.scope["path"]):
        headers |= READABLE
    return respond(request, 500, errors.PencilinError.code, UNEXPECTED, {}, headers)


HANDLERS: Mapping[type[Exception], ExceptionHandler] = {
    errors.PencilinError: told,
    HTTPException: refused,
    Exception: unexpected,
}


def _in_words(request: Request, code: str, heading: str, detail: str) -> dict[str, str]:
    """What a visitor's page says of an error, in their language; English can be more particular."""
    locale = locale_for(request)
    language = i18n.spoken(locale).language
    if language != "en":
        known = wording.words(language, "pages")["problem"]
        heading, detail = wording.texts(language, "pages", "problem", code if code in known else "error")
    direction = i18n.direction(locale)
    return {"lang": i18n.language_tag(locale), "direction": direction, "heading": heading, "message": detail}


def _allowed(request: Request) -> str:
    """The methods of all routes of an address; the framework looks at the first of them alone."""
    allowed = {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    return ", ".join(sorted(allowed or {"GET", "HEAD"}))  # what is no route is a file


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "*/*")
    return request.url.path.startswith("/api/") or ("json" in accepted and "html" not in accepted)
