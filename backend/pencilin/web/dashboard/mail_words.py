"""What somebody may choose about mails, in words; and a mail as the content policy of our pages lets it be shown."""

import re
from collections.abc import Mapping

from pencilin.errors import Invalid
from pencilin.models import BookingMail, HearsOf, Role

OFTEN = {
    BookingMail.EACH: "Every booking, at once",
    BookingMail.HOURLY: "One mail an hour, if there are any",
    BookingMail.DAILY: "One mail at 8:00 AM, if there are any",
}
USUAL = {
    Role.MANAGER: "Own, and what nobody else gets",
    Role.FRONT_DESK: "As usual: all bookings",
    Role.PRACTITIONER: "As usual: own bookings",
}
# In our mails' own HTML: whatever they are given is escaped, quotes included, so that it can't look like this.
STYLE = re.compile(r' style="([^"]*)"')


def often_choices() -> dict[str, str]:
    """How often, for a select."""
    return {often.value: words for often, words in OFTEN.items()}


def hears_choices(role: Role) -> dict[str, str]:
    """Of which bookings, for a select; a practitioner hears of no more than their own."""
    choices = {
        HearsOf.USUAL: USUAL[role],
        HearsOf.OWN: "Own bookings",
        HearsOf.ALL: "All bookings",
        HearsOf.NONE: "None",
    }
    if role is Role.PRACTITIONER:
        del choices[HearsOf.OWN], choices[HearsOf.ALL]
    return {hears.value: words for hears, words in choices.items()}


def preferences(values: Mapping[str, str], hears: str, often: str) -> tuple[HearsOf, BookingMail]:
    """What was chosen in the fields of these names; raises :class:`Invalid`."""
    wrong: dict[str, str] = {}
    if values[hears] not in list(HearsOf):
        wrong[hears] = "Choose one of these."
    if values[often] not in list(BookingMail):
        wrong[often] = "Choose one of these."
    if wrong:
        raise Invalid(wrong)
    return HearsOf(values[hears]), BookingMail(values[often])


def framed(html: str) -> tuple[str, str]:
    """A mail and its styles apart: mails carry them in attributes, which our content policy refuses."""
    rules: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f' data-s="{rules.setdefault(found[1], len(rules))}"'

    content = STYLE.sub(number, html)
    return content, "\n".join(f'[data-s="{one}"]{{{rule}}}' for rule, one in rules.items()).replace("&#39;", "'")
