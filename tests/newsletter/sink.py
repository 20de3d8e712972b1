"""A mail server that takes everything and sends nothing on, unless its script says otherwise.

In a test: `with Sink(script) as sink:` (a thread). In a process of its own, for kills and measurements:
`python -m tests.newsletter.sink FILE [--latency SECONDS]` prints its port, writes the recipient and the Message-ID of
each message to FILE (`-`: nowhere) before it answers, and ends with its standard input. Listens on 127.0.0.1 only.
"""

import argparse
import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

DROP = "drop"
HANG = "hang"
"""What a script may answer besides a reply: close the connection, or say nothing any more."""

Script = Callable[[str, str], str | None]
"""(step, text) -> what to answer, None for the usual. Steps: connect, ehlo, mail, rcpt, data, body (the first bytes of
a message), end (a whole message has come; it is kept before the script is asked)."""

EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8")
MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)\r$", re.MULTILINE)


@dataclass(frozen=True)
class Received:
    sender: str
    recipient: str
    data: bytes

    @property
    def message_id(self) -> str:
        found = MESSAGE_ID.search(self.data)
        return found[1].decode() if found else ""


class Session(asyncio.Protocol):
    def __init__(self, sink: "Sink") -> None:
        self.sink, self.buffer, self.out = sink, b"", []
        self.in_data = self.hangs = self.over = False
        self.sender = self.recipient = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.sink.connections += 1
        self.answer("connect", "", "220 sink ESMTP")
        self.flush()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not (self.hangs or self.over) and (self.message() if self.in_data else self.line()):
            pass
        self.flush()

    def line(self) -> bool:
        line, end, rest = self.buffer.partition(b"\r\n")
        if not end:
            return False
        self.buffer = rest
        text = line.decode()
        word = text.split(" ", 1)[0].upper()
        getattr(self, f"on_{word.lower()}", self.on_unknown)(text)
        return True

    def message(self) -> bool:
        if not self.begun:
            self.begun = True
            if self.sink.script and self.sink.script("body", self.recipient) == DROP:
                self.drop()
                return False
        whole = b"\r\n" + self.buffer
        data, end, rest = whole.partition(b"\r\n.\r\n")
        if not end:
            return False
        self.buffer, self.in_data = rest, False
        if not self.recipient:
            self.say("554 5.5.1 nobody to send to")
            return True
        self.sink.take(Received(self.sender, self.recipient, data[2:].replace(b"\r\n..", b"\r\n.") + b"\r\n"))
        self.answer("end", self.recipient, "250 2.0.0 taken")
        return True

    def on_ehlo(self, text: str) -> None:
        lines = ["sink", *self.sink.extensions]
        self.answer("ehlo", text, "\r\n".join(f"250{'-' if line != lines[-1] else ' '}{line}" for line in lines))

    def on_mail(self, text: str) -> None:
        self.sender = self.recipient = ""
        if self.answer("mail", text, "250 2.1.0 ok"):
            self.sender = text.partition("<")[2].partition(">")[0]

    def on_rcpt(self, text: str) -> None:
        recipient = text.partition("<")[2].rpartition(">")[0]
        if not self.sender:
            self.say("503 5.5.1 from whom?")
        elif self.answer("rcpt", recipient, "250 2.1.5 ok"):
            self.recipient = recipient

    def on_data(self, text: str) -> None:
        if not self.recipient and not self.sink.eager:
            self.say("503 5.5.1 nobody to send to")
        elif self.answer("data", self.recipient, "354 go on"):
            self.in_data, self.begun = True, False

    def on_rset(self, _text: str) -> None:
        self.say("250 2.0.0 ok")

    def on_quit(self, _text: str) -> None:
        self.say("221 2.0.0 bye")
        self.flush()
        self.drop()

    def on_unknown(self, _text: str) -> None:
        self.say("500 5.5.2 what?")

    def answer(self, step: str, text: str, usual: str) -> bool:
        """What the script says, or the usual; whether it was the usual."""
        said = self.sink.script(step, text) if self.sink.script else None
        if said == DROP:
            self.flush()
            self.drop()
        elif said == HANG:
            self.hangs = True
        else:
            self.say(said or usual)
        return said is None

    def say(self, reply: str) -> None:
        self.out.append(reply.encode() + b"\r\n")

    def flush(self) -> None:
        whole, self.out = b"".join(self.out), []
        if whole and self.sink.latency:
            asyncio.get_running_loop().call_later(self.sink.latency, self.transport.write, whole)
        elif whole:
            self.transport.write(whole)

    def drop(self) -> None:
        self.over = True
        self.transport.close()


@dataclass
class Sink:
    script: Script | None = None
    extensions: tuple[str, ...] = EXTENSIONS
    latency: float = 0.0
    file: int | None = None
    keeps: bool = True
    eager: bool = False
    """Asks for a message though it refused every recipient, as some do (RFC 2920, 3.1)."""
    messages: list[Received] = field(default_factory=list)
    connections: int = 0

    def take(self, message: Received) -> None:
        if self.file is not None:
            os.write(self.file, f"{message.recipient} {message.message_id}\n".encode())
        if self.keeps:
            self.messages.append(message)

    @property
    def recipients(self) -> list[str]:
        return [message.recipient for message in self.messages]

    async def open(self) -> None:
        self.server = await asyncio.get_running_loop().create_server(lambda: Session(self), "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    def __enter__(self) -> "Sink":
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self.open(), self.loop).result(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


async def serve(sink: Sink) -> None:
    await sink.open()
    print(sink.port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--latency", type=float, default=0.0)
    options = parser.parse_args()
    file = None if options.file == "-" else os.open(options.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    asyncio.run(serve(Sink(latency=options.latency, file=file, keeps=False)))


if __name__ == "__main__":
    main()
