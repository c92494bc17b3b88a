"""libfaketime: where it is, and how a process is started under it."""

from pathlib import Path

from tests.house.reading import ROOT

LIBRARIES = (
    "usr/lib/*/faketime/libfaketime.so.1",
    "usr/lib/faketime/libfaketime.so.1",
    "opt/homebrew/lib/faketime/libfaketime.1.dylib",
    "usr/local/lib/faketime/libfaketime.1.dylib",
)


def faketime_library() -> Path | None:
    """libfaketime, where it is installed."""
    return next((path for pattern in LIBRARIES for path in Path("/").glob(pattern)), None)


def under_faketime(offset: Path) -> dict[str, str]:
    """The environment of a process whose wall clock is off by what stands in the file `offset`.

    Its steady clock goes on as it is, as when a machine's clock is set in real life.
    """
    library = faketime_library()
    if library is None:
        return {}
    loaded = "DYLD_INSERT_LIBRARIES" if library.suffix == ".dylib" else "LD_PRELOAD"
    return {
        loaded: str(library),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(ROOT / "tests/faults/preload"),
    }
