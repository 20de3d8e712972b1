"""The desk: saving a draft, the list of articles, history and comparison, on a large magazine.

    python -m benchmarks.desk [--databases sqlite postgresql] [--articles 10000] [--revisions 200] [--rounds 30]

Whole requests through Django's test client, in one process (benchmarks/desk_requests.py), each beside what it costs at
the least in the same minute: for a save, cleaning the body and writing one row of its size; for a page, a bare page of
the admin (the form for a new password). Prints a Markdown table. For PostgreSQL it needs the server's programs.
"""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.pages import database_url, manage


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--revisions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    print("| database | what | median, ms | worst, ms | the least, ms | ratio |")
    print("|---|---|---:|---:|---:|---:|", flush=True)
    for database in options.databases:
        with tempfile.TemporaryDirectory() as folder:
            measure(database, Path(folder, database), options)


def measure(database: str, var: Path, options: argparse.Namespace) -> None:
    """One database: a site of its own, measured in a process of its own."""
    environment = {
        **os.environ,
        "DEBUG": "0",
        "SECRET_KEY": "only-for-measuring-" + "0123456789" * 4,
        "SITE_URL": "http://testserver",
        "VAR_DIR": str(var),
        "LOG_LEVEL": "WARNING",
        "CHECK_LINKS": "0",
    }
    with database_url(database, var) as url:
        environment["DATABASE_URL"] = url
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        sizes = f"{options.articles}, {options.revisions}, {options.rounds}"
        code = f"from benchmarks.desk_requests import Desk; Desk({sizes}).report({database!r})"
        print(manage(environment, "shell", "--verbosity", "0", "-c", code), end="", flush=True)


if __name__ == "__main__":
    main()
