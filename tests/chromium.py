"""The Chromium of this machine and the flags that keep it quiet and alone."""

import os
import shutil
import subprocess
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_PROGRAMS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium_program() -> str | None:
    """Where Chromium or Chrome lies, or None."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    return next((path for path in MAC_PROGRAMS if Path(path).exists()), None)


def chromium_flags() -> list[str]:
    """Chromium refuses its sandbox to root, and only then may go without."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


def has_chinese_font() -> bool:
    """Whether pictures of pages show characters instead of empty boxes."""
    if shutil.which("fc-list") is None:
        return Path("/System/Library/Fonts").exists()
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())
