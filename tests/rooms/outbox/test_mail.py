"""E-mail out of the outbox, to a real mail server on loopback."""

import re
import socket
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from orchard import config
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.outbox import actions, jobs, queries
from orchard.outbox.models import Gate, Message
from tests.make import smtp_sink
from tests.make.members import PASSWORD, member

pytestmark = pytest.mark.django_db


def use(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "orchard@company.example"


def put(recipient, key="one"):
    actions.put(
        channel="email",
        recipient=recipient,
        payload={"subject": "Grüße", "text": "Zwölf Äpfel.\n.\nEnde."},
        unique_key=key,
        now=clock.now(),
    )


def test_the_reset_mail_reaches_a_real_mail_server_and_its_link_works(settings):
    person = member(password=PASSWORD)
    with smtp_sink.sink() as server:
        use(settings, server.port)
        Client().post(reverse("account_reset_password"), {"email": person.email})
        assert server.mails == []
        assert jobs.deliver_email(clock.now()) == 1
    (mail,) = server.mails
    assert (mail["To"], mail["From"]) == (person.email, "orchard@company.example")
    assert mail["Subject"] == "Choose a new password for Orchard"
    link = re.search(r"http://testserver(\S+)", mail.get_content()).group(1)
    assert Client().get(link, follow=True).context["form"].fields.keys() == {"password1"}
    assert Message.objects.get().payload == {}


def test_many_mails_leave_over_one_connection_and_a_refused_one_holds_nobody_up(settings):
    put("no-such@company.example", "a")
    put("ann@company.example", "b")
    put("bob@company.example", "c")
    with smtp_sink.sink() as server:
        use(settings, server.port)
        assert jobs.deliver_email(clock.now()) == 2
    assert server.connections == 1
    assert server.mails[0]["Subject"] == "Grüße"
    assert server.mails[0].get_content() == "Zwölf Äpfel.\n.\nEnde.\n"
    assert Message.objects.get(unique_key="a").state == "waiting"
    assert [each.recipient for each in queries.troubles()] == ["no-such@company.example"]


def test_an_address_that_no_mail_can_be_written_to_holds_nobody_up_and_is_told(settings):
    put("ann@company..example", "a")
    put("bob@company.example", "b")
    with smtp_sink.sink() as server:
        use(settings, server.port)
        assert jobs.deliver_email(clock.now()) == 1
    assert Message.objects.get(unique_key="a").attempts == 1
    assert [each.recipient for each in queries.troubles()] == ["ann@company..example"]


def test_a_gate_that_closes_or_a_claim_that_runs_out_in_the_middle_keeps_the_rest():
    for number in range(4):
        put("ann@company.example", str(number))

    def closes(message):
        sent.append(message.id)
        actions.close(reason="We try something out", now=clock.now())

    sent = []
    assert actions.empty(channel="email", send=closes, now=clock.now()) == 1
    actions.open_gate(now=clock.now(), actor_id=None)

    def takes_long(message):
        sent.append(message.id)
        Message.objects.update(claimed_until=clock.now())

    assert actions.empty(channel="email", send=takes_long, now=clock.now() + timedelta(minutes=6)) == 1
    assert len(set(sent)) == 2
    assert queries.standing().waiting == 2


def test_what_left_is_forgotten_after_three_months_and_what_waits_is_not():
    put("ann@company.example", "sent")
    put("bob@company.example", "waits")
    now = clock.now()
    Message.objects.filter(unique_key="sent").update(state="sent", done_at=now - timedelta(days=91))
    assert jobs.forget_old(now) == 1
    assert Message.objects.get().unique_key == "waits"


def test_a_mail_server_that_is_away_loses_nothing(settings):
    put("ann@company.example")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    use(settings, port)
    assert jobs.deliver_email(clock.now()) == 0
    assert queries.standing().waiting == 1
    with smtp_sink.sink() as server:
        use(settings, server.port)
        assert jobs.deliver_email(clock.now()) == 0, "it waits before it tries again"
        assert jobs.deliver_email(clock.now() + timedelta(minutes=2)) == 1
    assert queries.standing().waiting == 0


def test_nothing_leaves_through_a_closed_gate(settings, mailoutbox):
    Gate.objects.update_or_create(id=1, defaults={"open": False, "reason": "restored"})
    put("ann@company.example")
    assert jobs.deliver_email(clock.now()) == 0
    assert mailoutbox == []
    assert (queries.standing().open, queries.standing().reason) == (False, "restored")


def test_a_mail_that_keeps_failing_is_given_up_and_counted(settings):
    put("no-such@company.example")
    now = clock.now()
    with smtp_sink.sink() as server:
        use(settings, server.port)
        for hours in range(0, 30, 6):
            jobs.deliver_email(now + timedelta(hours=hours))
    assert queries.standing().failed == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("console://", ("", 0, "", False, False)),
        ("smtp://mail.example?from=a@b.example", ("mail.example", 25, "", False, False)),
        ("smtp://u%40x:p@mail.example?tls=1&from=a@b.example", ("mail.example", 587, "u@x", True, False)),
        ("smtps://u:p@mail.example:2465?from=a@b.example", ("mail.example", 2465, "u", False, True)),
    ],
)
def test_the_mail_setting_is_one_address(url, expected):
    mail = config.mail_from_url(url)
    assert (mail.host, mail.port, mail.user, mail.start_tls, mail.ssl) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://mail.example?from=a@b.example",
        "smtp://mail.example",
        "smtp://h:port?from=a@b",
        "smtp://u:a[b@h:587?from=a@b.example",
        "smtp://h:587?from=a..b@b.example",
        "smtp://h:587?from=nobody",
    ],
)
def test_a_wrong_mail_setting_says_how_it_should_look(url):
    with pytest.raises(Refused, match="smtp://user:password@host:587"):
        config.mail_from_url(url)


@pytest.mark.parametrize("password", ["a/secret", "a[secret", "a#secret"])
def test_a_password_that_no_url_can_hold_is_refused_with_what_to_write_and_not_told(password):
    with pytest.raises(Refused) as caught:
        config.from_url(f"postgresql://orchard:{password}@localhost:5432/orchard")
    assert "postgresql://user:password@host:5432/name" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
