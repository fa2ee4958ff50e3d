"""Obtains what the tests need, then becomes pytest. What cannot be had is said in one line; in CI that is a failure."""

import os
import sys

from tests.rig import browser, postgresql
from tests.rig.machine import strict

missing = []
if not (browser.find() or browser.obtain()):
    missing.append(
        "no browser could be found or installed: install chromium, or run .venv/bin/playwright install chromium"
    )
if not (postgresql.find() or postgresql.obtain()):
    missing.append("no PostgreSQL could be found or installed: install the package postgresql")
for line in missing:
    print(f"test: {line}", file=sys.stderr, flush=True)
if missing and strict():
    sys.exit(1)
arguments = sys.argv[1:]
if not any(argument.startswith(("-n", "-s", "--pdb", "tests")) for argument in arguments):
    # All tests, so on all processors and two more: much of a test in a browser is waiting. But with a few only, or with
    # somebody who looks on, in one process.
    # Whoever is done first takes work from the others: the slow ones stand together.
    arguments = ["-n", str(min((os.cpu_count() or 1) + 2, 6)), "--dist", "worksteal", *arguments]
os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
