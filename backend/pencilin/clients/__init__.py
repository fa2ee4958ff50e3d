"""Clients: the practice's files. Changed by staff and imports only, never by what somebody books."""

from pencilin.clients.candidates import Candidates, candidates
from pencilin.clients.files import (
    ClientFile,
    ClientPage,
    FileAppointment,
    add,
    create,
    file,
    filed,
    find,
    listing,
    rekey,
    rewrite,
    update,
    visible_to,
)
from pencilin.clients.forms import LONGEST_MESSAGE, ClientForm, Details, form_of, prose, read_form, today_of
from pencilin.clients.importing import ImportCounts, import_csv
from pencilin.clients.search import search

__all__ = [
    "LONGEST_MESSAGE",
    "Candidates",
    "ClientFile",
    "ClientForm",
    "ClientPage",
    "Details",
    "FileAppointment",
    "ImportCounts",
    "add",
    "candidates",
    "create",
    "file",
    "filed",
    "find",
    "form_of",
    "import_csv",
    "listing",
    "prose",
    "read_form",
    "rekey",
    "rewrite",
    "search",
    "today_of",
    "update",
    "visible_to",
]
