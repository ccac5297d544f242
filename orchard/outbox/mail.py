"""How a message becomes an e-mail: plain text, over one connection for all that are due."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection

from orchard.outbox.types import Outgoing


class Postman:
    """Sends messages whose payload is `{"subject": …, "text": …}`; connects at the first one.

    A server that cannot be reached, or that hangs up, fails the rest of the round at once: each would else wait for a
    timeout of its own, and the claim on the messages would run out. They are tried again later.
    """

    def __init__(self) -> None:
        self._connection = get_connection()
        self._down: OSError | None = None

    def __call__(self, message: Outgoing) -> None:
        """Send one message; an `OSError` (all of smtplib's are) says why it did not leave."""
        if self._down:
            raise self._down
        mail = EmailMessage(
            subject=message.payload["subject"],
            body=message.payload["text"],
            to=[message.recipient],
            # Mail programs that answer by themselves leave such mail alone (RFC 3834).
            headers={"Auto-Submitted": "auto-generated"},
            connection=self._connection,
        )
        try:
            self._connection.open()
            mail.send()
        except (SMTPResponseException, SMTPRecipientsRefused):
            raise  # the server answers, and says no to this one
        except OSError as error:
            self._down = error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
