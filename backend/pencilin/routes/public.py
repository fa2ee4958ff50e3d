"""What anybody may call: the API, the widget's files, the booking pages, and what links in mails lead to."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pencilin.web import (
    booking_pages,
    corrections,
    delivery,
    manage_pages,
    manage_times,
    openapi,
    public_api,
    webmaster_pages,
)
from pencilin.web.hosted import forms, logo, pages, receipt
from pencilin.web.http import endpoint

API = "/api/v1/practices/{practice}"
PERSONAL = "/book/{practice}/personal/{personal}"


async def without_slash(request: Request) -> Response:
    """An address that people type or link with a slash at its end leads to the one without it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(quote(request.scope["path"].rstrip("/")) + query)


PUBLIC = [
    Route("/api/v1/openapi.json", endpoint(openapi.describe)),
    Route(API, endpoint(public_api.practice)),
    Route(f"{API}/availability", endpoint(public_api.free_slots)),
    Route(f"{API}/holds", endpoint(public_api.hold), methods=["POST"]),
    Route(f"{API}/holds/{{hold}}/extension", endpoint(public_api.extend_hold), methods=["POST"]),
    Route(f"{API}/holds/{{hold}}", endpoint(public_api.let_hold_go), methods=["DELETE"]),
    Route(f"{API}/bookings", endpoint(public_api.book), methods=["POST"]),
    Route(f"{API}/bookings/correction", endpoint(corrections.correct_address), methods=["POST"]),
    Route("/widget.js", endpoint(delivery.widget_script)),
    Route("/widget/words/{lang}.json", endpoint(delivery.words)),
    Route("/widget/{version}/{digest}.js", endpoint(delivery.versioned_script)),
    Route("/book/{practice}", endpoint(pages.hosted_page)),
    Route("/book/{practice}/", without_slash),
    Route("/book/{practice}/logo", endpoint(logo.logo)),
    *(Route(f"/book/{{practice}}/{noun}", endpoint(pages.lead_back)) for noun in ("times", "holds", "bookings")),
    Route("/book/{practice}/times", endpoint(forms.look_for_time), methods=["POST"]),
    Route("/book/{practice}/holds", endpoint(forms.hold_time), methods=["POST"]),
    Route("/book/{practice}/bookings", endpoint(forms.book), methods=["POST"]),
    Route(PERSONAL, endpoint(pages.hosted_page)),
    *(Route(f"{PERSONAL}/{noun}", endpoint(pages.lead_back)) for noun in ("times", "holds", "bookings")),
    Route(f"{PERSONAL}/times", endpoint(forms.look_for_time), methods=["POST"]),
    Route(f"{PERSONAL}/holds", endpoint(forms.hold_time), methods=["POST"]),
    Route(f"{PERSONAL}/bookings", endpoint(forms.book), methods=["POST"]),
    Route("/book/{practice}/received/{token}", endpoint(receipt.received)),
    Route("/book/{practice}/received/{token}", endpoint(receipt.correct_address), methods=["POST"]),
    Route("/embed/{practice}/details", endpoint(booking_pages.details_frame)),
    Route("/manage/{token}", endpoint(manage_pages.status)),
    *(Route(f"/manage/{{token}}/{noun}", endpoint(manage_times.lead_back)) for noun in ("acceptance", "refusal")),
    Route("/manage/{token}/acceptance", endpoint(manage_times.accept), methods=["POST"]),
    Route("/manage/{token}/refusal", endpoint(manage_times.refuse), methods=["POST"]),
    Route("/calendar-feed/{token}.ics", endpoint(manage_pages.calendar_file)),
    Route("/webmaster/{token}", endpoint(webmaster_pages.webmaster_page)),
    Route("/webmaster/{token}/seen", endpoint(webmaster_pages.webmaster_seen)),
]
