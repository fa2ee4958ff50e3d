"""Finding a Chromium, and obtaining one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.rig.machine import PATIENT, ROOT, apt_install, node, npm, quiet

OWN = ROOT / ".build" / "chromium"
COMMANDS = ("chromium-headless-shell", "chromium", "google-chrome-stable", "google-chrome", "chromium-browser")
PLAYWRIGHTS = (".cache/ms-playwright/chromium*/*/*", "Library/Caches/ms-playwright/chromium*/*/*")


def find() -> Path | None:
    """The first browser that starts: the system's, Playwright's, or the one that :func:`obtain` unpacked."""
    found = [shutil.which(command) for command in COMMANDS]
    for pattern in PLAYWRIGHTS:
        found += [str(path) for path in Path.home().glob(pattern) if "chrom" in path.name.lower()]
    found.append(str(OWN / "chromium.sh"))
    return next((Path(path) for path in found if path and os.access(path, os.X_OK) and starts(path)), None)


def starts(path: str) -> bool:
    """Whether it runs at all: its libraries may be missing, or it may be a note to install something else."""
    try:
        return not subprocess.run([path, "--version"], capture_output=True, timeout=PATIENT).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def obtain() -> Path | None:
    """Installs one: with apt as root, else as Playwright does, else the one that serverless platforms use."""
    if apt_install("chromium-headless-shell") or apt_install("chromium"):
        # Without these, screenshots show boxes where people wrote in Chinese or with an emoji.
        apt_install("fonts-noto-color-emoji", "fonts-noto-cjk")
        if found := find():
            return found
    quiet(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium", seconds=300)
    if found := find():
        return found
    unpack_serverless_chromium()
    return find()


def unpack_serverless_chromium() -> None:
    """A Chromium with the libraries it needs, from npm: nothing has to be installed on the system for it."""
    folder = ROOT / "tests" / "rig" / "chromium"
    packed = folder / "node_modules" / "@sparticuz" / "chromium" / "bin"
    if not npm(folder, "ci", "--ignore-scripts"):
        return
    OWN.mkdir(parents=True, exist_ok=True)
    unpack = "const fs = require('fs'), [from, to] = process.argv.slice(1);"
    unpack += "fs.writeFileSync(to, require('zlib').brotliDecompressSync(fs.readFileSync(from)))"
    for name in ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar"):
        if not node("-e", unpack, "--", packed / f"{name}.br", OWN / name):
            return
    for archive in OWN.glob("*.tar"):
        folder = OWN / archive.stem
        folder.mkdir(exist_ok=True)
        if not quiet("tar", "-xf", archive, "-C", folder):
            return
        archive.unlink()
    (OWN / "chromium").chmod(0o755)
    fonts = OWN / "fonts.conf"  # theirs leads to other folders; the system's, if there is one, counts as well
    system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    fonts.write_text(f"<fontconfig>{system}<dir>{OWN}/fonts</dir><cachedir>{OWN}/fonts-cache</cachedir></fontconfig>")
    script = OWN / "chromium.sh"
    script.write_text(
        f"#!/bin/sh\nexport LD_LIBRARY_PATH='{OWN}/al2023/lib' FONTCONFIG_FILE='{fonts}'\n"
        f"exec '{OWN}/chromium' \"$@\"\n"
    )
    script.chmod(0o755)
