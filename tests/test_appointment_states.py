"""An appointment goes only the ways that the practice's words allow, and says why when it can't."""

from itertools import product

import pytest

from pencilin.errors import Conflict
from pencilin.rules.states import Purpose, Status, check_transition, may_become

ALLOWED = {
    ("tentative", "approved"),
    ("tentative", "declined"),
    ("tentative", "cancelled"),
    ("tentative", "expired"),
    ("approved", "cancelled"),
    ("approved", "completed"),
    ("approved", "no_show"),
    ("approved", "tentative"),
    ("declined", "tentative"),
    ("completed", "no_show"),
    ("no_show", "completed"),
    ("cancelled", "approved"),
    ("completed", "approved"),
    ("no_show", "approved"),
}


@pytest.mark.parametrize(("current", "wanted"), list(product(Status, Status)))
def test_only_the_allowed_steps_are_taken(current: Status, wanted: Status) -> None:
    allowed = (current.value, wanted.value) in ALLOWED
    assert may_become(current, wanted) is allowed
    if allowed:
        check_transition(current, wanted)
    else:
        with pytest.raises(Conflict):
            check_transition(current, wanted)


def test_a_refused_step_says_what_happened_before() -> None:
    with pytest.raises(Conflict, match=r"^This appointment was declined, so it can't be approved\. "):
        check_transition(Status.DECLINED, Status.APPROVED)
    with pytest.raises(Conflict, match=r"^This appointment is approved already\.$"):
        check_transition(Status.APPROVED, Status.APPROVED)


def test_the_stored_words_stay_as_they_are() -> None:
    assert {f"{status}" for status in Status} == {
        "tentative",
        "approved",
        "declined",
        "cancelled",
        "expired",
        "completed",
        "no_show",
    }
    assert {f"{purpose}" for purpose in Purpose} == {"hold", "current", "previous", "proposed"}
