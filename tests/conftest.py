"""What every test finds: the database of this run, a clean cache, a browser, axe."""

import os
import threading
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.core.files.storage import InMemoryStorage, Storage
from django.core.signals import request_finished, request_started
from playwright.sync_api import BrowserContext, Page, Request

from articles.models import Picture
from tests import accessibility, needs, postgres
from tests.settings import POSTGRESQL_FOLDER, TEST_DATABASE

# How long one example takes says nothing on a machine that runs other things too; a failure in CI has to come again.
hypothesis.settings.register_profile("magazine", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("magazine")

BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}
CHROMIUM_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
if os.geteuid() == 0:
    CHROMIUM_ARGUMENTS.append("--no-sandbox")


def postgresql_is_missing() -> bool:
    return TEST_DATABASE == "postgresql" and needs.PROGRAMS["postgresql"].is_missing()


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if TEST_DATABASE != "postgresql" or is_worker or config.option.collectonly or postgresql_is_missing():
        return
    server = postgres.Server(POSTGRESQL_FOLDER)
    try:
        server.start()
    except postgres.ServerError as error:
        raise pytest.UsageError(str(error)) from error
    config.add_cleanup(server.stop)


def pytest_report_header() -> str:
    return f"database: {TEST_DATABASE}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            item.add_marker(pytest.mark.needs("chromium"))
    left_out = [item for item in items if not runs_here(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def runs_here(item: pytest.Item) -> bool:
    """Whether a test has to do with the database of this run; without a server only the one that misses it has."""
    if postgresql_is_missing():
        return any("postgresql" in marker.args for marker in item.iter_markers("needs"))
    if any(item.get_closest_marker(name) for name in {"sqlite", "postgresql"} - {TEST_DATABASE}):
        return False
    return TEST_DATABASE == "sqlite" or asks_the_database(item)


def asks_the_database(item: pytest.Item) -> bool:
    """What asks no database is the same on each, and runs once."""
    asked = {"db", "transactional_db", "django_db_setup", "live_server", "client", "admin_client", "desk"}
    named = item.get_closest_marker("django_db") or item.get_closest_marker("postgresql")
    return named is not None or bool(asked & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    needs.check(item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    lines = needs.summary(report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    if lines:
        terminalreporter.section("Not run on this machine")
        for line in lines:
            terminalreporter.line(line)
    if os.environ.get("EARLIER_RUN_FAILED"):
        terminalreporter.section(f"Tests failed on {os.environ['EARLIER_RUN_FAILED']} too: see above", red=True)


@pytest.fixture(autouse=True)
def clean_cache() -> None:
    cache.clear()


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Storage:
    """Where pictures are kept: in memory, and empty at first."""
    storage = InMemoryStorage(base_url="/media/")
    monkeypatch.setattr(Picture._meta.get_field("file"), "storage", storage)
    for module in ("admin.pictures", "management.commands.collect_orphans"):
        monkeypatch.setattr(f"articles.{module}.default_storage", storage)
    return storage


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": str(needs.chromium()), "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """A reader who asks for less motion, so that no test has to wait for an animation."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce"}


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser in which a script's error, a breach of the CSP or a request to somebody else's site fails the test."""
    context.set_default_timeout(15_000)
    faults: list[str] = []

    def look_at_request(request: Request) -> None:
        if not request.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:", "about:")):
            faults.append(f"asked a third party: {request.url}")

    context.on("weberror", lambda fault: faults.append(f"script error: {fault.error}"))
    context.on(
        "console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None
    )
    context.on("request", look_at_request)
    with Answering() as answering:
        yield context
        # An open form goes on asking, and says goodbye: all of it is to be over before the tables are emptied.
        for each in context.browser.contexts:
            each.close()
        answering.wait()
    assert not faults, "\n".join(faults)


class Answering:
    """Knows how many requests the live server is answering in its threads."""

    def __enter__(self) -> "Answering":
        self.number, self.changed = 0, threading.Condition()
        request_started.connect(self.begin)
        request_finished.connect(self.end)
        return self

    def __exit__(self, *_error: object) -> None:
        request_started.disconnect(self.begin)
        request_finished.disconnect(self.end)

    def begin(self, **_said: object) -> None:
        with self.changed:
            self.number += 1
            self.changed.notify_all()

    def end(self, **_said: object) -> None:
        with self.changed:
            self.number -= 1
            self.changed.notify_all()

    def wait(self) -> None:
        """Until none is under way, and for a moment none has come."""
        with self.changed:
            while self.changed.wait_for(lambda: self.number <= 0, timeout=10):
                if not self.changed.wait(timeout=0.15):
                    return


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails when the page breaks a rule of accessibility, light or dark, on a phone or a desktop."""
    return accessibility.check
