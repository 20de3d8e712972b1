"""The programs some tests need beside Python: where each is found, and the one line that installs it.

A test says `@pytest.mark.needs("chromium")`. Where the program is missing the test is skipped by name, and the end of
the run says what to install; with REQUIRE_ALL=1, as in .ci/run, it fails instead.
"""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import postgres

ON_MACOS = sys.platform == "darwin"


def chromium() -> Path | None:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return Path(found)
    bundles = [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in ("Chromium", "Google Chrome")]
    return next((bundle for bundle in bundles if bundle.exists()), None)


@dataclass(frozen=True)
class Program:
    find: Callable[[], Path | None]
    install: str

    def is_missing(self) -> bool:
        return self.find() is None


PROGRAMS = {
    "postgresql": Program(
        postgres.binaries, "brew install postgresql@17" if ON_MACOS else "apt-get install postgresql"
    ),
    "chromium": Program(chromium, "brew install --cask chromium" if ON_MACOS else "apt-get install chromium"),
}


def all_required() -> bool:
    return os.environ.get("REQUIRE_ALL", "") not in {"", "0"}


def check(item: pytest.Item) -> None:
    """Skip a test whose program is missing, or fail it where everything has to run."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            if PROGRAMS[name].is_missing():
                reason = f"{name} is missing; install it with: {PROGRAMS[name].install}"
                if all_required():
                    pytest.fail(reason, pytrace=False)
                pytest.skip(reason)


def summary(reasons: Iterable[str]) -> list[str]:
    """One line for each missing program, from the reasons of the skipped tests: how many tests waited for it."""
    missing = Counter(
        (name, program.install)
        for reason in reasons
        for name, program in PROGRAMS.items()
        if reason.removeprefix("Skipped: ").startswith(f"{name} is missing")
    )
    return [
        f"{name}: {count} test{'s'[: count > 1]} skipped; install it with: {install}"
        for (name, install), count in sorted(missing.items())
    ]
