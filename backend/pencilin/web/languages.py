"""In which language a visitor reads a public page: as the widget chooses it, where there is no widget to ask."""

from starlette.requests import Request

from pencilin.i18n import locale_of


def locale_for(request: Request, practice_locale: str = "") -> str:
    """``?lang=``, else the first language of the browser's that Pencilin speaks, else the practice's."""
    return locale_of([request.query_params.get("lang"), *_accepted(request)], practice_locale)


def _accepted(request: Request) -> list[str]:
    """The languages of ``Accept-Language``, the most wished for first (RFC 9110, 12.5.4)."""
    wishes: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        language, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            wishes.append((weight, language.strip()))
    # The order of the header is kept among equals.
    return [language for _, language in sorted(wishes, key=lambda wish: -wish[0])]
