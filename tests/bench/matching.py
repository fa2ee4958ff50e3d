"""How long staff wait for the match suggestion in a small and in a large practice."""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
LOOKS, WARMING = 200, 20

HEADS = ("An", "Bel", "Cor", "Dan", "El", "Fer", "Gil", "Han", "Iv", "Jor", "Kel", "Lor", "Mar", "Nor", "Os", "Pet")
MIDDLES = ("a", "e", "i", "o", "u", "ari", "elo", "ini", "oma", "ura")
TAILS = ("", "n", "s", "l", "t", "ro", "na", "ka", "mann", "son", "well", "ton")
BIRTHS = date(1935, 1, 1)


def measure() -> Iterator[Figure]:
    """What 95 of 100 looks stay below, among a thousand and among ten thousand client files, looked at in turns."""
    with ExitStack() as opened:
        small, large = (opened.enter_context(looks(number)) for number in (SMALL, LARGE))
        for look in [*small[:WARMING], *large[:WARMING]]:
            look()
        pairs = [(times(one, 1)[0], times(other, 1)[0]) for one, other in zip(small, large, strict=True)]
    few, many = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    yield Figure(f"match among {SMALL:,} clients, p95", p95(few), "ms", 10, f"p50 {p50(few):.1f} ms")
    growth = f"p50 {p50(many):.1f} ms: {p50(many) / p50(few):.1f} times that among {SMALL:,}"
    yield Figure(f"match among {LARGE:,} clients, p95", p95(many), "ms", 10, growth)


@contextmanager
def looks(number: int) -> Iterator[list[Callable[[], object]]]:
    """Looks at requests in a practice with ``number`` files: half are on file, with another email; the rest are new."""
    people = make_people(number + LOOKS // 2)
    filed, new = people[:number], people[number:]

    def fill(session: Session, now: datetime) -> Practice:
        practice = willow(session, now=now).practice
        lines = ["first_name,last_name,email,phone,birth_date", *(",".join(person) for person in filed)]
        clients.import_csv(session, practice, lines, now)
        return practice

    with tempfile.TemporaryDirectory(prefix="pencilin-bench-") as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        database.migrate()
        practice = database.write(fill)
        asking = [
            Typed(first, last, f"{last}@other.example", phone, date.fromisoformat(born), practice.country, None)
            for first, last, _, phone, born in random.Random(8).sample(filed, LOOKS // 2) + new
        ]
        with database.read() as session:
            yield [partial(find_matches, session, practice, typed) for typed in asking]
        database.close()


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
