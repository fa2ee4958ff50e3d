"""Settings → Practitioners & hours, Closures, Booking rules."""

from starlette.routing import Route

from pencilin.models import Role
from pencilin.web.dashboard import settings_closures as closures
from pencilin.web.dashboard import settings_dates as dates
from pencilin.web.dashboard import settings_hours as hours
from pencilin.web.dashboard import settings_practitioners as people
from pencilin.web.dashboard import settings_rules
from pencilin.web.security import staff

MANAGER = [Role.MANAGER]
PEOPLE = "/settings/practitioners"
ONE = f"{PEOPLE}/{{practitioner}}"

HOURS = [
    Route(PEOPLE, staff(people.list_page, roles=MANAGER)),
    Route(PEOPLE, staff(people.add, roles=MANAGER), methods=["POST"]),
    Route(f"{PEOPLE}/new", staff(people.new_page, roles=MANAGER)),
    Route(ONE, staff(people.edit_page, roles=MANAGER)),
    Route(ONE, staff(people.save, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/position", staff(people.lead_back, roles=MANAGER)),
    Route(f"{ONE}/position", staff(people.move, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/archive", staff(people.lead_back, roles=MANAGER)),
    Route(f"{ONE}/archive", staff(people.archive, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/restoration", staff(people.lead_back, roles=MANAGER)),
    Route(f"{ONE}/restoration", staff(people.restore, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/hours", staff(hours.hours_page, roles=MANAGER)),
    Route(f"{ONE}/hours", staff(hours.save_hours, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/hours/copy", staff(hours.copy_page, roles=MANAGER)),
    Route(f"{ONE}/hours/copy", staff(hours.copy_hours, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/hours/copy/removal", staff(hours.lead_back, roles=MANAGER)),
    Route(f"{ONE}/hours/copy/removal", staff(hours.take_back, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/dates", staff(dates.dates_page, roles=MANAGER)),
    Route(f"{ONE}/dates/time-off", staff(dates.lead_back, roles=MANAGER)),
    Route(f"{ONE}/dates/time-off", staff(dates.add_time_off, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/dates/time-off/{{absence}}", staff(dates.edit_time_off, roles=MANAGER)),
    Route(f"{ONE}/dates/time-off/{{absence}}", staff(dates.save_time_off, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/dates/time-off/{{absence}}/removal", staff(dates.lead_back, roles=MANAGER)),
    Route(f"{ONE}/dates/time-off/{{absence}}/removal", staff(dates.remove_time_off, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/dates/hours", staff(dates.lead_back, roles=MANAGER)),
    Route(f"{ONE}/dates/hours", staff(dates.add_override, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/dates/hours/{{override}}", staff(dates.edit_override, roles=MANAGER)),
    Route(f"{ONE}/dates/hours/{{override}}", staff(dates.save_override, roles=MANAGER), methods=["POST"]),
    Route(f"{ONE}/dates/hours/{{override}}/removal", staff(dates.lead_back, roles=MANAGER)),
    Route(f"{ONE}/dates/hours/{{override}}/removal", staff(dates.remove_override, roles=MANAGER), methods=["POST"]),
    Route("/settings/closures", staff(closures.closures_page, roles=MANAGER)),
    Route("/settings/closures", staff(closures.add, roles=MANAGER), methods=["POST"]),
    Route("/settings/closures/holidays", staff(closures.lead_back, roles=MANAGER)),
    Route("/settings/closures/holidays", staff(closures.add_holidays, roles=MANAGER), methods=["POST"]),
    Route("/settings/closures/removal", staff(closures.lead_back, roles=MANAGER)),
    Route("/settings/closures/removal", staff(closures.remove_several, roles=MANAGER), methods=["POST"]),
    Route("/settings/closures/{closure}/removal", staff(closures.lead_back, roles=MANAGER)),
    Route("/settings/closures/{closure}/removal", staff(closures.remove, roles=MANAGER), methods=["POST"]),
    Route("/settings/rules", staff(settings_rules.rules_page, roles=MANAGER)),
    Route("/settings/rules", staff(settings_rules.save_rules, roles=MANAGER), methods=["POST"]),
]
