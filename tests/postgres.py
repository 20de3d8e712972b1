"""A throw-away PostgreSQL server for one run of the tests, made from the installed binaries.

The server listens on a Unix socket in a folder of its own, so that its address is known before it runs and no port is
taken. `python -m tests.postgres FOLDER` makes it, says "ready", and takes it away again when its standard input closes:
it ends with the tests that started it however they end, even killed.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

OLDEST = 15
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
ROOT = Path(__file__).resolve().parent.parent
# glibc and musl know this locale without any package; macOS does not.
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
# Nothing here has to outlive the power.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{directory}'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
timezone = 'UTC'
"""


class ServerError(Exception):
    """The server could not be made; the text says what its program answered."""


def version(folder: Path) -> int:
    """The major version of the binaries in a folder; 0 when there are none that run."""
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(number[1]) if number and (folder / "initdb").exists() and (folder / "pg_ctl").exists() else 0


@cache
def binaries() -> Path | None:
    """The folder of the newest installed PostgreSQL that we support."""
    folders = [path for place in PLACES for path in Path("/").glob(place[1:])]
    if program := shutil.which("postgres"):
        folders.append(Path(program).resolve().parent)
    newest = max(folders, key=version, default=None)
    return newest if newest and version(newest) >= OLDEST else None


def url(directory: Path) -> str:
    return f"postgresql://magazine@{quote(str(directory), safe='')}/postgres"


def owner() -> dict[str, Any]:
    """What makes a subprocess run as an unprivileged user when we are root, as the server insists."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def run(directory: Path, program: str, *arguments: str) -> None:
    folder = binaries()
    if folder is None:
        raise ServerError(f"PostgreSQL {OLDEST} or later is not installed")
    log = directory / f"{program}.log"
    with log.open("w") as output:
        done = subprocess.run(
            [folder / program, "-D", directory / "data", *arguments],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **owner(),
        )
    if done.returncode:
        raise ServerError(f"{program} failed: {log.read_text()}")


def make(directory: Path) -> None:
    directory.mkdir(mode=0o700)
    if user := owner():
        os.chown(directory, user["user"], user["group"])
    run(
        directory, "initdb", "--username=magazine", "--auth=trust", "--encoding=UTF8", f"--locale={LOCALE}", "--no-sync"
    )
    with (directory / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION.format(directory=directory))
    run(directory, "pg_ctl", "start", "--wait", "--silent")


def unmake(directory: Path) -> None:
    if (directory / "data" / "postmaster.pid").exists():
        run(directory, "pg_ctl", "stop", "--mode=immediate", "--silent")
    shutil.rmtree(directory, ignore_errors=True)


def serve(directory: Path) -> None:
    try:
        make(directory)
        print("ready", flush=True)
        sys.stdin.read()
    finally:
        unmake(directory)


class Server:
    """The process that serves a database in a folder until `stop`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(self.directory)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C is for the tests; they stop the server when they have ended.
            start_new_session=True,
        )
        answer = self.process.stdout.readline() if self.process.stdout else ""
        if answer.strip() != "ready":
            raise ServerError(answer.strip() + (self.process.stdout.read() if self.process.stdout else ""))

    def stop(self) -> None:
        self.process.communicate(timeout=60)


if __name__ == "__main__":
    try:
        serve(Path(sys.argv[1]))
    except ServerError as error:
        print(error)
        sys.exit(1)
