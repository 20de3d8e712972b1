"""Warm, uncached pages under gunicorn with two workers, beside a bare Django view served the same way.

    python -m benchmarks.pages [--seconds 5] [--databases sqlite postgresql] [--articles 100 10000]

Needs wrk (Debian: apt-get install wrk) and, for PostgreSQL, its binaries. Each page and the bare view take turns in
the same minute, since the machine is noisy: believe the ratio, not the requests per second. Prints a Markdown table.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
CONNECTIONS = 8
PREPARE = """
import random
from django.utils import timezone
from articles.demo.load import load
from articles.models import Article
from articles.seeding import seed
load(timezone.now(), lambda what: None, size=(160, 107))
missing = {count} - Article.objects.published(timezone.now()).count()
seed(missing, timezone.now(), lambda written: None, random.Random(1))
article = Article.objects.published(timezone.now()).newest()[5]
print("ADDRESSES", article.get_absolute_url(), article.section.get_absolute_url(), "/")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def gunicorn(application: str, environment: dict[str, str]) -> Iterator[str]:
    """The application under gunicorn, two workers of four threads; gives its address."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", application, "--bind", address, "--workers", "2", "--threads", "4"]
    options = ["--log-level", "warning"]
    server = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env={**environment, "SITE_URL": f"http://{address}", "ALLOWED_HOSTS": "127.0.0.1"},
    )
    try:
        wait_for(f"http://{address}/")
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def requests_per_second(address: str, seconds: int) -> float:
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", address]
    report = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    if "Non-2xx" in report:
        raise SystemExit(f"{address} answered with errors:\n{report}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1])


def compare(page: str, bare: str, seconds: int) -> tuple[float, float, float]:
    """Median requests/s of the page and of the bare view, and the median of the ratios of each turn."""
    turns = [(requests_per_second(page, seconds), requests_per_second(bare, seconds)) for _round in range(ROUNDS)]
    return median(p for p, _b in turns), median(b for _p, b in turns), median(p / b for p, b in turns)


def manage(environment: dict[str, str], *arguments: str, text: str = "") -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


@contextmanager
def site(database: str, count: int, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """A magazine of so many articles on the database; gives its address and the paths of an article, section, front."""
    var = folder / f"{database}-{count}"
    environment = {
        **os.environ,
        "DEBUG": "0",
        "SECRET_KEY": "only-for-measuring-" + "0123456789" * 4,
        "SITE_URL": "http://127.0.0.1",
        "VAR_DIR": str(var),
        "PAGE_CACHE_SECONDS": "0",
        "LOG_LEVEL": "WARNING",
    }
    with database_url(database, var) as url:
        environment["DATABASE_URL"] = url
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        said = manage(environment, "shell", "--verbosity", "0", "-c", PREPARE.format(count=count))
        paths = said.split("ADDRESSES")[1].split()
        if database == "postgresql":
            manage(
                environment,
                "shell",
                "--verbosity",
                "0",
                "-c",
                "from django.db import connection as c; c.cursor().execute('VACUUM ANALYZE')",
            )
        with gunicorn("magazine.wsgi:application", environment) as address:
            yield address, paths


@contextmanager
def database_url(database: str, var: Path) -> Iterator[str]:
    var.mkdir(parents=True)
    if database == "sqlite":
        yield f"sqlite:///{var / 'magazine.sqlite3'}"
        return
    server = postgres.Server(Path(tempfile.gettempdir(), f"magazine-benchmark-{os.getpid()}"))
    server.start()
    try:
        yield postgres.url(server.directory)
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--articles", nargs="+", type=int, default=[100, 10_000])
    options = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing. Install it with: apt-get install wrk")
    print("| database | articles | page | requests/s | bare view | ratio |")
    print("|---|---:|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name, gunicorn("benchmarks.bare:application", dict(os.environ)) as bare:
        for database in options.databases:
            for count in options.articles:
                with site(database, count, Path(name)) as (address, paths):
                    for label, path in zip(("article", "section", "front page"), paths, strict=True):
                        requests_per_second(f"{address}{path}", 1)
                        page, floor, ratio = compare(f"{address}{path}", bare, options.seconds)
                        print(
                            f"| {database} | {count} | {label} | {page:.0f} | {floor:.0f} | {ratio:.3f} |", flush=True
                        )


if __name__ == "__main__":
    main()
