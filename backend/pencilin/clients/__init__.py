"""Clients: the practice's files. Changed by staff and imports only, never by what somebody books."""

from pencilin.clients.candidates import Candidates, candidates
from pencilin.clients.duplicates import Pair, PairPage, find_pairs, pair_again, tell_apart
from pencilin.clients.erasing import erase, in_the_way
from pencilin.clients.exporting import COLUMNS, everything, record_list
from pencilin.clients.exporting import rows as export_rows
from pencilin.clients.files import (
    add,
    archive,
    create,
    filed,
    find,
    lock,
    rekey,
    restore,
    rewrite,
    update,
    visible_to,
)
from pencilin.clients.forms import LONGEST_MESSAGE, ClientForm, Details, form_of, prose, read_form, today_of
from pencilin.clients.importing import ImportCounts, import_csv
from pencilin.clients.known import Known, very_likely_known
from pencilin.clients.listing import PAGE, Around, ClientPage, Filters, around, listing, within
from pencilin.clients.merging import Left, Moving, Notes, merge, moving, seen, texts
from pencilin.clients.merging import undo as undo_merge
from pencilin.clients.reading import ClientFile, FileAppointment, LinkedRequest, file, kept_instead, note_read, was_read
from pencilin.clients.search import MOST_COMPARED, search

__all__ = [
    "COLUMNS",
    "LONGEST_MESSAGE",
    "MOST_COMPARED",
    "PAGE",
    "Around",
    "Candidates",
    "ClientFile",
    "ClientForm",
    "ClientPage",
    "Details",
    "FileAppointment",
    "Filters",
    "ImportCounts",
    "Known",
    "Left",
    "LinkedRequest",
    "Moving",
    "Notes",
    "Pair",
    "PairPage",
    "add",
    "archive",
    "around",
    "candidates",
    "create",
    "erase",
    "everything",
    "export_rows",
    "file",
    "filed",
    "find",
    "find_pairs",
    "form_of",
    "import_csv",
    "in_the_way",
    "kept_instead",
    "listing",
    "lock",
    "merge",
    "moving",
    "note_read",
    "pair_again",
    "prose",
    "read_form",
    "record_list",
    "rekey",
    "restore",
    "rewrite",
    "search",
    "seen",
    "tell_apart",
    "texts",
    "today_of",
    "undo_merge",
    "update",
    "very_likely_known",
    "visible_to",
    "was_read",
    "within",
]
