"""Passwords: kept as Argon2id hashes with argon2-cffi's parameters, which follow RFC 9106.

Hashing takes a tenth of a second and 64 MiB on purpose: call it outside of any transaction.
"""

import secrets
import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pencilin.errors import Invalid

SHORTEST = 12
LONGEST = 200

_hasher = PasswordHasher()
# Many sign-ins at once shall wait for each other rather than fill the memory.
_at_once = threading.BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """What to store of ``password``."""
    with _at_once:
        return _hasher.hash(_composed(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` is the one that was hashed. Takes as long when there is none to compare with."""
    try:
        with _at_once:
            _hasher.verify(password_hash or _nobodys_hash(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the parameters have grown since: then hash the password again, now that it is known."""
    return _hasher.check_needs_rehash(password_hash)


def check_choice(password: str, email: str) -> None:
    """Raises :class:`Invalid` for a new password that is easily guessed; its message says what to choose."""
    text = _composed(password)
    if len(text) < SHORTEST:
        reason = f"Choose at least {SHORTEST} characters. Four words that don’t belong together are easy to remember."
    elif len(text) > LONGEST:
        reason = f"Choose at most {LONGEST} characters."
    elif len(set(text)) < 5 or email.partition("@")[0].casefold() == text.casefold() or email == text.casefold():
        reason = "This is easily guessed. Choose four words that don’t belong together."
    else:
        return
    raise Invalid({"password": reason})


def _composed(password: str) -> str:
    # The same key presses give other code points on other systems. Composing takes time that grows with the square of
    # the length, and what is longer than this was never chosen: no character is composed of more than four.
    return unicodedata.normalize("NFC", password) if len(password) <= 4 * LONGEST else password


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())
