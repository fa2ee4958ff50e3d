"""Review: a request is looked at, its client settled, and decided. Start reading at :mod:`decisions`."""

from pencilin.review.access import find, visible_to
from pencilin.review.answers import accept, lapse_due, refuse
from pencilin.review.changes import MOST_MINUTES, Change, as_it_is, change, conflicts_of, is_to_be_told
from pencilin.review.changing_client import CHANGEABLE_CLIENT, Reached, Repair, change_client, reached
from pencilin.review.comparison import Compared
from pencilin.review.day import DayEntry, names_of
from pencilin.review.deadlines import expire_due, remind_due
from pencilin.review.decisions import UNDO_SECONDS, ConfirmTo, approve, decline
from pencilin.review.hints import Hints, hints
from pencilin.review.history import HistoryEntry, MailEntry
from pencilin.review.linking import link_existing, save_as_new, unlink, update_file
from pencilin.review.lookup import FoundAppointment, find_appointments
from pencilin.review.outcomes import cancel, mark, undo, whom_to_tell
from pencilin.review.pairs import Pair, link_and_approve, pairs
from pencilin.review.proposals import Proposal, ProposedTime, Time, propose, read_proposal, suggestions, withdraw
from pencilin.review.requests import RequestRow, count_waiting, requests, waiting
from pencilin.review.series import OfSeries, Series, cancel_series, restore_series
from pencilin.review.suggestions import Suggested
from pencilin.review.view import Answer, ReviewView, form_for_new, view
from pencilin.review.words import DECLINE_REASONS, DeclineReason

__all__ = [
    "CHANGEABLE_CLIENT",
    "DECLINE_REASONS",
    "MOST_MINUTES",
    "UNDO_SECONDS",
    "Answer",
    "Change",
    "Compared",
    "ConfirmTo",
    "DayEntry",
    "DeclineReason",
    "FoundAppointment",
    "Hints",
    "HistoryEntry",
    "MailEntry",
    "OfSeries",
    "Pair",
    "Proposal",
    "ProposedTime",
    "Reached",
    "Repair",
    "RequestRow",
    "ReviewView",
    "Series",
    "Suggested",
    "Time",
    "accept",
    "approve",
    "as_it_is",
    "cancel",
    "cancel_series",
    "change",
    "change_client",
    "conflicts_of",
    "count_waiting",
    "decline",
    "expire_due",
    "find",
    "find_appointments",
    "form_for_new",
    "hints",
    "is_to_be_told",
    "lapse_due",
    "link_and_approve",
    "link_existing",
    "mark",
    "names_of",
    "pairs",
    "propose",
    "reached",
    "read_proposal",
    "refuse",
    "remind_due",
    "requests",
    "restore_series",
    "save_as_new",
    "suggestions",
    "undo",
    "unlink",
    "update_file",
    "view",
    "visible_to",
    "waiting",
    "whom_to_tell",
    "withdraw",
]
