"""The mailbox that bounces come back to: a maildir of this machine, or IMAP over TLS.

Each message is given to `handle`, which says whether it understood it, and then put where it will not be read again:
among the seen ones, or in the folder of those that nobody understood. A process that is killed between the two reads it
once more, and so may two at once: `handle` counts what it has seen before only once.
"""

import imaplib
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from newsletter.reports import LONGEST

AT_ONCE: Final = 5_000
"""Messages in one call; the rest waits for the next."""
PATIENCE: Final = 30.0
"""Seconds an IMAP server may take for an answer."""
NOT_UNDERSTOOD: Final = "unread by us"

Handle = Callable[[bytes], bool]


class InboxFailed(Exception):
    """The mailbox cannot be opened or read; the message says why, without its password."""


@dataclass
class Counts:
    """How many messages were understood, and how many laid aside."""

    understood: int = 0
    laid_aside: int = 0

    def add(self, understood: bool) -> None:
        self.understood += understood
        self.laid_aside += not understood


def read(
    where: Mapping[str, Any],
    handle: Handle,
    *,
    stop: Callable[[], bool] = lambda: False,
    connect: Callable[..., Any] = imaplib.IMAP4_SSL,
) -> Counts:
    """Read what is new. `where` is {"PATH": …} or {"HOST": …, "PORT", "USER", "PASSWORD", "FOLDER"}."""
    messages = maildir(Path(where["PATH"]), handle) if "PATH" in where else imap(where, handle, connect)
    counts = Counts()
    try:
        for understood in messages:
            counts.add(understood)
            if stop() or counts.understood + counts.laid_aside >= AT_ONCE:
                break
    except (OSError, imaplib.IMAP4.error) as error:
        raise InboxFailed(str(error)) from error
    finally:
        messages.close()
    return counts


# ---------------------------------------------------------------- maildir (https://cr.yp.to/proto/maildir.html)

SEEN: Final = ":2,S"


def maildir(folder: Path, handle: Handle) -> Generator[bool, None, None]:
    """Those in `new`, and those in `cur` that nobody has seen: a mail program may have looked at them."""
    aside = folder / f".{NOT_UNDERSTOOD}"
    if not (folder / "new").is_dir():
        raise InboxFailed(f"{folder} is no maildir: it has no folder “new”.")
    for each in (folder, aside):
        for name in ("cur", "new", "tmp"):
            (each / name).mkdir(parents=True, exist_ok=True)
    for file in waiting(folder):
        try:
            with file.open("rb") as message:
                understood = handle(message.read(LONGEST))
            target = folder / "cur" / f"{unflagged(file)}{SEEN}" if understood else aside / "new" / unflagged(file)
            file.rename(target)
        except FileNotFoundError:
            continue  # another process has read it and put it away
        yield understood


def waiting(folder: Path) -> list[Path]:
    found = [file for name in ("new", "cur") for file in (folder / name).iterdir() if not file.name.startswith(".")]
    unseen = (file for file in found if "S" not in file.name.partition(":2,")[2] and file.is_file())
    return sorted(unseen, key=lambda file: file.name)[:AT_ONCE]


def unflagged(file: Path) -> str:
    return file.name.partition(":2,")[0]


# ---------------------------------------------------------------- IMAP (RFC 3501)


def imap(where: Mapping[str, Any], handle: Handle, connect: Callable[..., Any]) -> Generator[bool, None, None]:
    server = connect(where["HOST"], where["PORT"], timeout=PATIENCE)
    try:
        server.login(where["USER"], where["PASSWORD"])
        ask(server.select, quoted(where["FOLDER"]))
        server.create(quoted(NOT_UNDERSTOOD))  # which it refuses when it is there
        for number in ask(server.uid, "SEARCH", "UNSEEN")[0].split()[:AT_ONCE]:
            raw = fetched(server, number)
            if raw is not None:
                yield put_away(server, number, understood=handle(raw))
    finally:
        leave(server)


def put_away(server: Any, number: bytes, *, understood: bool) -> bool:
    """Copied first, marked then: a connection that breaks in between leaves one copy too many, and loses nothing."""
    if not understood:
        ask(server.uid, "COPY", number, quoted(NOT_UNDERSTOOD))
    ask(server.uid, "STORE", number, "+FLAGS", r"(\Seen)")
    return understood


def fetched(server: Any, number: bytes) -> bytes | None:
    """The beginning of a message, not marked as seen by that; None when it is gone."""
    answer = ask(server.uid, "FETCH", number, f"(BODY.PEEK[]<0.{LONGEST}>)")
    return next((part[1] for part in answer if isinstance(part, tuple)), None)


def ask(command: Callable[..., Any], *words: Any) -> list[Any]:
    status, answer = command(*words)
    if status != "OK":
        raise InboxFailed(f"The mail server refused: {answer!r}")
    return list(answer)


def quoted(name: str) -> str:
    """A folder's name as IMAP takes it; imaplib does not quote."""
    return '"{}"'.format(re.sub(r'([\\"])', r"\\\1", name))


def leave(server: Any) -> None:
    """What is read is read; a server that is gone by now does not make it a failure."""
    try:
        server.logout()
    except (OSError, imaplib.IMAP4.error):
        return
