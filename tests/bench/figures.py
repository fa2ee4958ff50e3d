"""One measured figure, and how all of them are shown."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

# Units of what is the same on every machine.
EXACT = ("bytes", "requests", "entries")


@dataclass(frozen=True)
class Figure:
    """``value`` in ``unit``, of which at most ``budget`` is wanted; none, if nobody has said how much.

    ``beside`` says what was measured next to it: timings alone wander from run to run.
    """

    what: str
    value: float
    unit: str
    budget: float | None
    beside: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is within the budget."""
        return self.budget is None or self.value <= self.budget

    def line(self) -> str:
        """As a row of the table."""
        budget, verdict = "", ""
        if self.budget is not None:
            budget, verdict = f"≤ {self.budget:,g} {self.unit}", "kept" if self.kept else "OVER"
        return f"{self.what:<52} {self.value:>9,.5g} {self.unit:<8} {budget:<18} {verdict:<5} {self.beside}"


def times(work: Callable[[], object], rounds: int) -> list[float]:
    """How long each of ``rounds`` calls took, in milliseconds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def p50(taken: list[float]) -> float:
    """The median."""
    return median(taken)


def p95(taken: list[float]) -> float:
    """What 95 of 100 stay below."""
    return quantiles(taken, n=20)[-1]


def report(figures: Iterable[Figure], path: Path) -> bool:
    """Prints the table as the figures come, writes them as JSON, and says whether all exact ones are kept."""
    shown = []
    for figure in figures:
        print(figure.line().rstrip(), flush=True)
        shown.append(figure)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([asdict(figure) | {"kept": figure.kept} for figure in shown], indent=1) + "\n")
    return all(figure.kept for figure in shown if figure.unit in EXACT)
