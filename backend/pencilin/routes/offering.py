"""What a practice offers and where: the settings' pages about services and locations, for managers."""

from starlette.routing import Route

from pencilin.routes.settings import MANAGER
from pencilin.web.dashboard import settings_locations as locations
from pencilin.web.dashboard import settings_questions as questions
from pencilin.web.dashboard import settings_services as services
from pencilin.web.security import staff

LOCATIONS = "/settings/locations"
LOCATION = f"{LOCATIONS}/{{location}}"
SERVICES = "/settings/services"
SERVICE = f"{SERVICES}/{{service}}"
QUESTION = f"{SERVICE}/questions/{{question}}"
# What is done to one of a list.
DONE = ("archive", "restoration", "position")
QUESTION_DONE = ("removal", "restoration", "position")

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
    Route(SERVICES, staff(services.services_page, roles=MANAGER)),
    Route(SERVICES, staff(services.add, roles=MANAGER), methods=["POST"]),
    Route(f"{SERVICES}/new", staff(services.new_service, roles=MANAGER)),
    Route(SERVICE, staff(services.service_page, roles=MANAGER)),
    Route(SERVICE, staff(services.save, roles=MANAGER), methods=["POST"]),
    *(Route(f"{SERVICE}/{noun}", staff(services.lead_back, roles=MANAGER)) for noun in (*DONE, "questions")),
    Route(f"{SERVICE}/archive", staff(services.archive, roles=MANAGER), methods=["POST"]),
    Route(f"{SERVICE}/restoration", staff(services.restore, roles=MANAGER), methods=["POST"]),
    Route(f"{SERVICE}/position", staff(services.move, roles=MANAGER), methods=["POST"]),
    Route(f"{SERVICE}/questions", staff(questions.add, roles=MANAGER), methods=["POST"]),
    Route(f"{SERVICE}/questions/new", staff(questions.new_question, roles=MANAGER)),
    Route(QUESTION, staff(questions.question_page, roles=MANAGER)),
    Route(QUESTION, staff(questions.save, roles=MANAGER), methods=["POST"]),
    *(Route(f"{QUESTION}/{noun}", staff(services.lead_back, roles=MANAGER)) for noun in QUESTION_DONE),
    Route(f"{QUESTION}/removal", staff(questions.remove, roles=MANAGER), methods=["POST"]),
    Route(f"{QUESTION}/restoration", staff(questions.restore, roles=MANAGER), methods=["POST"]),
    Route(f"{QUESTION}/position", staff(questions.move, roles=MANAGER), methods=["POST"]),
]
