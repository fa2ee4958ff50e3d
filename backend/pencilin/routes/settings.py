"""The settings, all of them for managers."""

from starlette.routing import Route

from pencilin.models import Role
from pencilin.web.dashboard import settings, widget, widget_changes
from pencilin.web.security import staff

MANAGER = [Role.MANAGER]
WIDGET = "/settings/widget"

SETTINGS = [
    Route("/settings", staff(settings.first_page, roles=MANAGER)),
    Route(WIDGET, staff(widget.widget_page, roles=MANAGER)),
    Route(f"{WIDGET}/snippet", staff(widget.rewrite, roles=MANAGER)),
    Route(f"{WIDGET}/preview", staff(widget.preview, roles=MANAGER)),
    Route(f"{WIDGET}/qr.svg", staff(widget.qr_code, roles=MANAGER)),
    Route(f"{WIDGET}/seen", staff(widget.seen, roles=MANAGER, activity=False)),
    *(Route(f"{WIDGET}/{noun}", staff(widget_changes.lead_back, roles=MANAGER)) for noun in widget_changes.POSTED),
    Route(f"{WIDGET}/sites", staff(widget_changes.save_sites, roles=MANAGER), methods=["POST"]),
    Route(f"{WIDGET}/sites/addition", staff(widget_changes.add_site, roles=MANAGER), methods=["POST"]),
    Route(f"{WIDGET}/links", staff(widget_changes.create_link, roles=MANAGER), methods=["POST"]),
    Route(f"{WIDGET}/links/{{link}}/revocation", staff(widget_changes.revoke_link, roles=MANAGER), methods=["POST"]),
]
