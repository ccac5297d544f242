"""A mail server on loopback that keeps what it is given: enough of RFC 5321 for smtplib."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Sink:
    """What came in, and on which port to send more. A recipient that begins with `no-` is refused."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.port = listener.getsockname()[1]
        self.mails: list[EmailMessage] = []
        self.connections = 0

    def serve(self) -> None:
        """Take connections one after the other until the listener is closed."""
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with peer, peer.makefile("rb") as lines:
                self._talk(peer, lines)

    def _talk(self, peer: socket.socket, lines) -> None:
        peer.sendall(b"220 sink\r\n")
        for line in lines:
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                peer.sendall(b"354 go on\r\n")
                self.mails.append(_read(lines))
            if verb == b"QUIT":
                peer.sendall(b"221 bye\r\n")
                return
            refused = verb == b"RCPT" and b"<no-" in line
            peer.sendall(b"550 nobody here\r\n" if refused else b"250 fine\r\n")


def _read(lines) -> EmailMessage:
    body = bytearray()
    for line in lines:
        if line == b".\r\n":
            break
        body += line.removeprefix(b".").replace(b"\r\n", b"\n")
    return message_from_bytes(bytes(body), policy=policy.default)


@contextmanager
def sink() -> Iterator[Sink]:
    """Run a mail server for a while."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Sink(listener)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
