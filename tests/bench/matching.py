"""How long staff wait for the match suggestion in a small and in a large practice."""

import random
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import Session

from pencilin import clients
from pencilin.database import Database
from pencilin.models import Practice
from pencilin.review.suggestions import find_matches
from pencilin.rules.matching import Typed
from tests.bench.figures import Figure, p50, p95, times
from tests.cast import willow

SMALL, LARGE = 1_000, 10_000
LOOKS = 200

HEADS = ("An", "Bel", "Cor", "Dan", "El", "Fer", "Gil", "Han", "Iv", "Jor", "Kel", "Lor", "Mar", "Nor", "Os", "Pet")
MIDDLES = ("a", "e", "i", "o", "u", "ari", "elo", "ini", "oma", "ura")
TAILS = ("", "n", "s", "l", "t", "ro", "na", "ka", "mann", "son", "well", "ton")
BIRTHS = date(1935, 1, 1)


def measure() -> Iterator[Figure]:
    """What 95 of 100 looks stay below, among a thousand and among ten thousand client files."""
    small, large = p95_and_p50(SMALL), p95_and_p50(LARGE)
    yield Figure(f"match among {SMALL:,} clients, p95", small[0], "ms", 10, f"p50 {small[1]:.1f} ms")
    growth = f"p50 {large[1]:.1f} ms; {large[0] / small[0]:.1f} times that among {SMALL:,}"
    yield Figure(f"match among {LARGE:,} clients, p95", large[0], "ms", 10, growth)


def p95_and_p50(number: int) -> tuple[float, float]:
    """In milliseconds, in a practice with ``number`` client files."""
    people = make_people(number)

    def fill(session: Session, now: datetime) -> Practice:
        practice = willow(session, now=now).practice
        lines = ["first_name,last_name,email,phone,birth_date", *(",".join(person) for person in people)]
        clients.import_csv(session, practice, lines, now)
        return practice

    with tempfile.TemporaryDirectory(prefix="pencilin-bench-") as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        database.migrate()
        practice = database.write(fill)
        with database.read() as session:
            taken = look(session, practice, people)
        database.close()
    return p95(taken), p50(taken)


def make_people(number: int) -> list[tuple[str, str, str, str, str]]:
    """Always the same invented people: first and last name, email, phone, date of birth."""
    dice = random.Random(7)

    def name() -> str:
        return dice.choice(HEADS) + dice.choice(MIDDLES) + dice.choice(TAILS)

    people = []
    for count in range(number):
        first, last = name(), name() + dice.choice(MIDDLES) + dice.choice(TAILS)
        born = BIRTHS + timedelta(days=dice.randrange(30_000))
        people.append((first, last, f"{first}.{count}@mail.example", f"+1 212 {2_000_000 + count:07d}", str(born)))
    return people


def look(session: Session, practice: Practice, people: list[tuple[str, str, str, str, str]]) -> list[float]:
    """Half of those who ask are on file, with another email; the rest are new."""
    dice = random.Random(8)
    known, new = dice.sample(people, LOOKS // 2), make_people(len(people) + LOOKS // 2)[len(people) :]
    taken = []
    for first, last, _, phone, born in known + new:
        typed = Typed(first, last, f"{last}@other.example", phone, date.fromisoformat(born), practice.country, None)
        taken += times(partial(find_matches, session, practice, typed), 1)
    return taken
