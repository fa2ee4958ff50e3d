"""What the audit trail's actions are called on Settings → Activity: in the past tense, as done by somebody."""

# By what was done to. Every action that is recorded anywhere is here.
ACTIONS: dict[str, str] = {
    "activity.exported": "Exported the activity",
    "appointment.requested": "Requested an appointment",
    "appointment.entered": "Entered an appointment",
    "appointment.approved": "Approved an appointment",
    "appointment.declined": "Declined a request",
    "appointment.undone": "Took back a decision",
    "appointment.reopened": "Reopened a request",
    "appointment.changed": "Changed an appointment",
    "appointment.email_corrected": "Corrected the email address of a request",
    "appointment.linked": "Linked an appointment to a client",
    "appointment.saved_as_new": "Saved the person of a request as a new client",
    "appointment.unlinked": "Unlinked an appointment from its client",
    "appointment.filed": "Took what was typed into a client’s file",
    "appointment.expired": "Let a request expire without an answer",
    "appointment.cancelled": "Cancelled an appointment",
    "appointment.completed": "Marked an appointment as completed",
    "appointment.no_show": "Marked an appointment as a no-show",
    "client.created": "Made a client file",
    "client.updated": "Changed a client file",
    "client.imported": "Imported a client file",
    "client.read": "Read a client file",
    "client.archived": "Archived a client file",
    "client.restored": "Took an archived client file into use again",
    "mail.sent_again": "Sent a mail again",
    "practice.created": "Made the practice",
    "practice.updated": "Loaded a practice file",
    "practice.changed": "Changed the practice’s name, contact or look",
    "practice.rules_changed": "Changed the booking rules",
    "practice.sites_changed": "Changed which websites may show the widget",
    "practice.sign_in_changed": "Changed how staff sign in",
    "staff.added": "Added a staff member",
    "staff.changed": "Changed a staff member",
    "staff.device_forgotten": "Forgot a staff member’s remembered device",
    "staff.disabled": "Disabled a staff member",
    "staff.enabled": "Enabled a staff member",
    "staff.invited_again": "Invited a staff member again",
    "staff.signed_out": "Signed a staff member out everywhere",
    "staff.signed_in": "Signed in",
    "webmaster_link.created": "Made a page for the webmaster",
    "webmaster_link.revoked": "Revoked a page for the webmaster",
}


def words(action: str) -> str:
    """*Approved an appointment*; an action of an older release that is recorded no more reads as it is stored."""
    return ACTIONS.get(action, action)
