"""Sending an issue of twelve pieces to a mail server on this machine, in a process of its own, one commit a message.

    python -m benchmarks.sending [--databases postgresql sqlite] [--readers 100000] [--seconds 10] [--rounds 3]
                                 [--million] [--kills 20]

Each rate stands beside what the machine can do at the least in the same minute: the same bytes sent over a pipelined
connection without any database, and commits of one row without any mail. PostgreSQL is told to keep what it confirmed
(fsync on). `cpu` is what a worker itself uses for one message. Rounds take turns and the best of each counts, since a
machine that does other things too only takes away.
`--million` prepares the deliveries of 1,000,000 readers and watches a worker's memory (PostgreSQL). `--kills` sends to
20,000 readers with two workers that are killed so often, as tests/newsletter/test_kills.py does with fewer.
Nothing leaves 127.0.0.1. Prints Markdown tables. For PostgreSQL it needs the server's programs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.pages import ROOT, database_url

Environment = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"])
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--kills", type=int, default=0)
    options = parser.parse_args()
    print("| database | what | messages/s | cpu, ms | the floor | of it |")
    print("|---|---|---:|---:|---|---:|", flush=True)
    for database in options.databases:
        with site(database) as environment:
            rates(database, environment, options)
    if options.million:
        with site("postgresql") as environment:
            million(environment)
    for database in options.databases if options.kills else []:
        kill(database, options.kills)


@contextmanager
def site(database: str) -> Iterator[Environment]:
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder, database)
        environment = {
            **os.environ,
            "DEBUG": "0",
            "SECRET_KEY": "only-for-measuring-" + "0123456789" * 4,
            "SITE_URL": "https://magazine.example",
            "VAR_DIR": str(var),
            "LOG_LEVEL": "WARNING",
        }
        with database_url(database, var) as url:
            environment["DATABASE_URL"] = url
            if database == "postgresql":
                make_durable(url)
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
            yield environment


def make_durable(url: str) -> None:
    """The server of the tests forgets what it said when the power fails; one that sends a newsletter must not."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = on")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def sink(latency: float = 0.0) -> Iterator[str]:
    """The port of a server that takes everything, in a process of its own."""
    command = [sys.executable, "-m", "tests.newsletter.sink", "-", "--latency", str(latency)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        process.communicate()


def start(environment: Environment, call: str, port: str = "") -> subprocess.Popen[str]:
    """A function of benchmarks.sending_steps in a process of its own; it prints what it found as JSON."""
    if port:
        environment = {**environment, "EMAIL_URL": f"smtp://127.0.0.1:{port}?tls=0"}
    code = f"import json; from benchmarks import sending_steps as steps; print(json.dumps(steps.{call}))"
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def step(environment: Environment, call: str, port: str = "") -> Any:
    process = start(environment, call, port)
    answer = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{call} failed.")
    return json.loads(answer.splitlines()[-1])


# ---------------------------------------------------------------- rates


def rates(database: str, environment: Environment, options: argparse.Namespace) -> None:
    step(environment, f"readers({options.readers})")
    seconds = options.seconds
    with sink() as port, sink(0.025) as slow:
        cases = {
            "1 process": lambda: together(environment, port, 1, seconds, connections=1),
            "4 processes": lambda: together(environment, port, 4, seconds, connections=1),
            "25 ms a reply, 20 connections": lambda: together(environment, slow, 1, seconds, connections=20),
        }
        floors = {"mail alone": lambda: step(environment, "mail_alone(3)", port)}
        floors["commits alone"] = lambda: step(environment, "commits_alone(3)")
        best: dict[str, dict[str, float]] = {}
        for _round in range(options.rounds):
            for name, measure in (cases | floors).items():
                found = measure()
                if found["rate"] > best.get(name, {"rate": 0})["rate"]:
                    best[name] = found
    mail, commits = best["mail alone"]["rate"], best["commits alone"]["rate"]
    both = 1 / (1 / mail + 1 / commits)
    floor = f"{mail:.0f} mails, {commits:.0f} commits, one after the other {both:.0f}"
    for name in cases:
        found = best[name]
        row = (
            database,
            name,
            f"{found['rate']:.0f}",
            f"{found['cpu'] * 1000:.2f}",
            floor,
            f"{found['rate'] / both:.2f}",
        )
        print(f"| {' | '.join(row)} |", flush=True)


def together(environment: Environment, port: str, number: int, seconds: float, *, connections: int) -> dict[str, float]:
    """So many workers at a new issue for so many seconds, all beginning at one instant."""
    step(environment, f"issue({connections})")
    begin = time.time() + 4 + number
    workers = [start(environment, f"worker({begin}, {seconds}, {name})", port) for name in range(number)]
    answers = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
    sent = sum(answer["sent"] for answer in answers)
    return {
        "rate": sent / max(answer["seconds"] for answer in answers),
        "cpu": sum(answer["cpu"] for answer in answers) / max(1, sent),
    }


# ---------------------------------------------------------------- a million, and kills


def million(environment: Environment) -> None:
    step(environment, "readers(1_000_000)")
    took = min(step(environment, "prepare()")["seconds"] for _round in range(3))
    print(f"\nPreparing the deliveries of 1,000,000 readers: {took:.1f} s.", flush=True)
    with sink() as port:
        step(environment, "issue(1)")
        found = step(environment, f"worker({time.time() + 4}, 15, 0)", port)
    print(f"A worker's memory while it sends to them, at its peak: {found['peak']:.0f} MiB ({found['sent']} sent).")


def kill(database: str, kills: int) -> None:
    environment = {**os.environ, "TEST_DATABASE": database, "KILLS": str(kills), "KILL_READERS": "20000"}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--durations=2", "tests/newsletter/test_kills.py"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    print(f"\n{kills} kills over 20,000 readers with 2 workers, {database}: {done.stdout.splitlines()[-1]}", flush=True)


if __name__ == "__main__":
    main()
