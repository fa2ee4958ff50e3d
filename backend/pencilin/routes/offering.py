"""What a practice offers and where: the settings' pages about services and locations, for managers."""

from starlette.routing import Route

from pencilin.routes.settings import MANAGER
from pencilin.web.dashboard import settings_locations as locations
from pencilin.web.security import staff

LOCATIONS = "/settings/locations"
LOCATION = f"{LOCATIONS}/{{location}}"
# What is done to one of a list.
DONE = ("archive", "restoration", "position")

OFFERING = [
    Route(LOCATIONS, staff(locations.locations_page, roles=MANAGER)),
    Route(LOCATIONS, staff(locations.add, roles=MANAGER), methods=["POST"]),
    Route(f"{LOCATIONS}/new", staff(locations.new_location, roles=MANAGER)),
    Route(LOCATION, staff(locations.location_page, roles=MANAGER)),
    Route(LOCATION, staff(locations.save, roles=MANAGER), methods=["POST"]),
    *(Route(f"{LOCATION}/{noun}", staff(locations.lead_back, roles=MANAGER)) for noun in DONE),
    Route(f"{LOCATION}/archive", staff(locations.archive, roles=MANAGER), methods=["POST"]),
    Route(f"{LOCATION}/restoration", staff(locations.restore, roles=MANAGER), methods=["POST"]),
    Route(f"{LOCATION}/position", staff(locations.move, roles=MANAGER), methods=["POST"]),
]
