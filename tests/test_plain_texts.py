"""What staff and practice files may write: every script and its joiners, and no control characters."""

from collections.abc import Callable

import pytest

from pencilin.clients import prose
from pencilin.practices import checks
from pencilin.rules import texts

CHECKS: list[Callable[[str], str]] = [checks.line, checks.text, lambda text: prose(text, 100), texts.text]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "text",
    [
        "60\N{NO-BREAK SPACE}€",
        "1\N{NARROW NO-BREAK SPACE}000",
        "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{STAFF OF AESCULAPIUS}\N{VARIATION SELECTOR-16}",
        "می\N{ZERO WIDTH NON-JOINER}خواهم",
        "a\N{SOFT HYPHEN}b",
    ],
)
def test_what_people_type_is_kept(check: Callable[[str], str], text: str) -> None:
    assert check(text) == text


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x1c", "\x7f", "\x85", "\ud800", "\u202e", "\u2066"])
def test_what_no_page_or_mail_should_carry_is_refused(check: Callable[[str], str], character: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        check(f"a{character}b")


@pytest.mark.parametrize("ending", ["\n", "\r", "\t", "\u2028", "\u2029"])
def test_one_line_is_one_line(ending: str) -> None:
    with pytest.raises(ValueError, match="in one line"):
        checks.line(f"a{ending}b")
    assert checks.text(f"a{ending}b") == f"a{ending}b"
