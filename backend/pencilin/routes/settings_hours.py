"""Settings → Practitioners & hours, Closures, Booking rules."""

from starlette.routing import Route

from pencilin.models import Role
from pencilin.web.dashboard import settings_rules
from pencilin.web.security import staff

MANAGER = [Role.MANAGER]

HOURS = [
    Route("/settings/rules", staff(settings_rules.rules_page, roles=MANAGER)),
    Route("/settings/rules", staff(settings_rules.save_rules, roles=MANAGER), methods=["POST"]),
]
