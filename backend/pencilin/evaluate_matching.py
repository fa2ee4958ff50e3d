"""Measures matching on sets of files and queries: ``python -m pencilin.evaluate_matching FOLDER``.

The folder holds pairs ``NAME_clients.jsonl`` and ``NAME_queries.jsonl``; a name with *household* in it is a set of
relatives who share contacts. A query's ``truth`` is the id of its file or null, ``meta.evidence`` what may be said
about it: *required* (must be suggested), *allowed*, *possible_only* (must be listed, must not be suggested), *none*,
*negative*. The weights were counted on the even queries of the set of persons, so the odd ones are held out.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final, TypedDict

from pencilin.rules.matching import Filed, Matches, Typed, keys, match

MANY_FILES: Final = 100_000
TIMED_QUERIES: Final = 2_000
PER_KEY: Final = 200  # as the database: of a key that more files hold, only so many are read


class Person(TypedDict):
    """A person as the sets write one."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birth_date: str | None


class Client(Person):
    """A line of ``NAME_clients.jsonl``."""

    id: str


class Meta(TypedDict):
    """What the makers of a set say about a query."""

    evidence: str


class Query(TypedDict):
    """A line of ``NAME_queries.jsonl``."""

    query: Person
    truth: str | None
    meta: Meta


@dataclass(frozen=True)
class Set:
    """One pair of files, read."""

    name: str
    files: dict[str, Filed]
    queries: list[tuple[Typed, str | None, str]]  # typed, truth, evidence

    @property
    def households(self) -> bool:
        return "household" in self.name


@dataclass
class Count:
    """What matching answered, counted. ``wanted`` and ``suggested`` are by evidence."""

    suggestions: int = 0
    right: int = 0
    forbidden: int = 0
    truths: int = 0
    listed: int = 0
    strangers: int = 0
    strangers_listed: int = 0
    wanted: Counter[str] = field(default_factory=Counter)
    suggested: Counter[str] = field(default_factory=Counter)

    def add(self, found: Matches, truth: str | None, evidence: str) -> None:
        suggested = found.suggestion.file.id if found.suggestion else None
        shown = {suggested} | {possible.file.id for possible in found.possible}
        self.wanted[evidence] += 1
        if suggested is not None:
            self.suggestions += 1
            self.right += suggested == truth
            self.suggested[evidence] += suggested == truth
            self.forbidden += evidence == "possible_only"
        if truth is None:
            self.strangers += 1
            self.strangers_listed += shown != {None}
        else:
            self.truths += 1
            self.listed += truth in shown

    def recall(self, *evidence: str) -> str:
        return _share(sum(self.suggested[one] for one in evidence), sum(self.wanted[one] for one in evidence))


class Index:
    """The table of keys in memory, as the database holds it, with the keys that somebody looks up."""

    def __init__(self, files: Iterable[Filed], looked_up: Iterable[Typed]) -> None:
        wanted = {key for typed in looked_up for key in keys(typed)}
        self._holders: defaultdict[str, list[Filed]] = defaultdict(list)
        for file in files:
            for key in keys(file) & wanted:
                self._holders[key].append(file)

    def answer(self, typed: Typed) -> Matches:
        found = {key: self._holders[key] for key in keys(typed) if key in self._holders}
        files = {file.id: file for held in found.values() for file in held[:PER_KEY]}
        return match(typed, files.values(), {key: len(held) for key, held in found.items()})


def read_sets(folder: Path, country: str) -> list[Set]:
    """Every set of the folder. Raises OSError, ValueError or KeyError for files that are not such sets."""
    sets = []
    for clients in sorted(folder.glob("*clients.jsonl")):
        queries = clients.with_name(clients.name.replace("clients", "queries"))
        files = {client["id"]: _filed(client, country) for client in map(_client, _lines(clients))}
        asked = [(_typed(q["query"], country), q["truth"], q["meta"]["evidence"]) for q in map(_query, _lines(queries))]
        sets.append(Set(clients.name.removesuffix("clients.jsonl").rstrip("_") or "set", files, asked))
    if not sets:
        raise ValueError(f"{folder} holds no pair NAME_clients.jsonl and NAME_queries.jsonl")
    return sets


def measure(one: Set, only_odd: bool = False) -> Count:
    """Asks every query of a set (or every second) and counts the answers."""
    index = Index(one.files.values(), (typed for typed, _, _ in one.queries))
    count = Count()
    for typed, truth, evidence in one.queries[1::2] if only_odd else one.queries:
        count.add(index.answer(typed), truth, evidence)
    return count


def timings(sets: Sequence[Set]) -> tuple[list[float], float]:
    """Sorted seconds for each of some queries among :data:`MANY_FILES` files, and the mean number of keys of a file."""
    asked = [typed for one in sets for typed, _, _ in one.queries]
    asked = Random(1).sample(asked, min(TIMED_QUERIES, len(asked)))
    files = list(_many_files([file for one in sets for file in one.files.values()]))
    index = Index(files, asked)
    seconds = []
    for typed in asked:
        begun = perf_counter()
        index.answer(typed)
        seconds.append(perf_counter() - begun)
    return sorted(seconds), sum(len(keys(file)) for file in files[:2_000]) / len(files[:2_000])


def _many_files(files: list[Filed]) -> Iterator[Filed]:
    """The given files, and invented ones that mix their names, until there are many."""
    yield from files
    chance = Random(2)
    for number in range(MANY_FILES - len(files)):
        first, last, third = (chance.choice(files) for _ in range(3))
        born = date(1920, 1, 1) + timedelta(days=chance.randrange(36_500))
        phone = f"+612{chance.randrange(10**8):08d}"
        email = f"{chance.randrange(10**6)}.{third.email or 'client@mail.example'}"
        yield Filed(f"many-{number}", first.first_name, last.last_name, email, phone, born, third.country)


def table(sets: Sequence[Set], timed: bool) -> Iterator[str]:
    """The lines of the table, measured and goal."""
    for one in sets:
        whole, odd = measure(one), measure(one, only_odd=True)
        yield f"{one.name}: {len(one.files)} files, {len(one.queries)} queries"
        rows: list[tuple[str, Callable[[Count], str], str]] = [
            ("precision of very likely", lambda c: _share(c.right, c.suggestions), ">= 0.999"),
            ("suggested though it must not be", lambda c: str(c.forbidden), "0"),
            ("recall of required", lambda c: c.recall("required"), ">= 0.99"),
            ("recall of required and allowed", lambda c: c.recall("required", "allowed"), ">= 0.95"),
            ("right file listed", lambda c: _share(c.listed, c.truths), ">= 0.985"),
            ("wrong suggestions in a family", lambda c: str(c.suggestions - c.right), "0")
            if one.households
            else ("strangers given a list", lambda c: _share(c.strangers_listed, c.strangers), "<= 0.05"),
        ]
        yield f"  {'':34}{'all':>10}{'held out':>10}   goal"
        yield from (f"  {words:34}{figure(whole):>10}{figure(odd):>10}   {goal}" for words, figure, goal in rows)
    if timed:
        seconds, stored = timings(sets)
        p50, p95 = (seconds[int(len(seconds) * share)] * 1000 for share in (0.5, 0.95))
        yield f"time among {MANY_FILES} files: p50 {p50:.2f} ms, p95 {p95:.2f} ms   goal <= 10 ms"
        yield f"keys of a file: {stored:.1f} on average"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 0, or 2 when the folder cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m pencilin.evaluate_matching", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("folder", type=Path, help="where the sets are")
    parser.add_argument("--country", default="AU", help="reads phone numbers without one (ISO 3166; default AU)")
    parser.add_argument("--no-timing", action="store_true", help="leave out the 100,000 files")
    options = parser.parse_args(arguments)
    try:
        sets = read_sets(options.folder, options.country)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"Cannot read the sets: {error}", file=sys.stderr)
        return 2
    for line in table(sets, not options.no_timing):
        print(line)
    return 0


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _client(line: str) -> Client:
    client: Client = json.loads(line)
    return client


def _query(line: str) -> Query:
    query: Query = json.loads(line)
    return query


def _filed(client: Client, country: str) -> Filed:
    return Filed(
        client["id"],
        client["first_name"],
        client["last_name"],
        client["email"],
        client["phone"],
        _date(client["birth_date"]),
        country,
    )


def _typed(person: Person, country: str) -> Typed:
    return Typed(
        person["first_name"],
        person["last_name"],
        person["email"],
        person["phone"],
        _date(person["birth_date"]),
        country,
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "none"


if __name__ == "__main__":
    sys.exit(main())
