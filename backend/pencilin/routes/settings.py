"""The settings, all of them for managers."""

from starlette.routing import Route

from pencilin.models import Role
from pencilin.web.dashboard import settings, settings_practice, widget, widget_changes
from pencilin.web.security import staff

MANAGER = [Role.MANAGER]
PRACTICE = "/settings/practice"
WIDGET = "/settings/widget"
LOGO = ("logo", "logo/removal", "logo/restoration")

SETTINGS = [
    Route("/settings", staff(settings.first_page, roles=MANAGER)),
    Route(PRACTICE, staff(settings_practice.practice_page, roles=MANAGER)),
    Route(PRACTICE, staff(settings_practice.save, roles=MANAGER), methods=["POST"]),
    Route(f"{PRACTICE}/accent.svg", staff(settings_practice.accent, roles=MANAGER)),
    *(Route(f"{PRACTICE}/{noun}", staff(settings_practice.lead_back, roles=MANAGER)) for noun in LOGO),
    Route(f"{PRACTICE}/logo", staff(settings_practice.save_logo, roles=MANAGER), methods=["POST"]),
    Route(f"{PRACTICE}/logo/removal", staff(settings_practice.remove_logo, roles=MANAGER), methods=["POST"]),
    Route(f"{PRACTICE}/logo/restoration", staff(settings_practice.restore_logo, roles=MANAGER), methods=["POST"]),
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
