"""What a browser has to load. Exact, so the build fails as well when it is too much."""

from collections.abc import Iterator

import build
from tests.bench.figures import Figure


def measure() -> Iterator[Figure]:
    """The size of each group of files that has a budget."""
    sizes = build.sizes_of(build.ASSETS)
    for label, patterns, most_brotli, most_gzip in build.BUDGETS:
        parts = [size for name, size in sizes.items() if any(name.match(pattern) for pattern in patterns)]
        yield Figure(f"{label}, Brotli", sum(part[1] for part in parts), "bytes", most_brotli)
        if most_gzip is not None:
            yield Figure(f"{label}, gzip", sum(part[2] for part in parts), "bytes", most_gzip)
