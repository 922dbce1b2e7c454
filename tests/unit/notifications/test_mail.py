"""A mail as it is handed to the server."""

from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from services.notifications.channels.mail import compose
from services.notifications.channels.wording import Background
from services.notifications.model import Guardian
from tests.unit.notifications.builders import FACTS, WRITER, a_guardian

CREATED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def mail_to(guardian: Guardian) -> EmailMessage:
    facts = FACTS["payment_received"]
    return compose(
        WRITER,
        WRITER.word("payment_received", "mail", facts, Background(guardian)),
        sender="Portail famille <ne-pas-repondre@kerlann.example>",
        recipient=guardian,
        message_id=UUID(int=9),
        created_at=CREATED,
    )


def test_a_mail_has_a_text_and_a_page() -> None:
    mail = mail_to(a_guardian())
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["To"] == "Anne Le Goff <anne@example.org>"
    assert mail["From"] == "Portail famille <ne-pas-repondre@kerlann.example>"


def test_a_repeated_mail_is_the_same_mail() -> None:
    first, again = mail_to(a_guardian()), mail_to(a_guardian())
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"] == f"<{UUID(int=9)}@kerlann.example>"
    assert first["Date"] == again["Date"]


def test_no_holiday_answer_is_asked_for() -> None:
    assert mail_to(a_guardian())["Auto-Submitted"] == "auto-generated"


def test_a_name_cannot_add_a_header() -> None:
    mail = mail_to(a_guardian("Anne\r\nBcc: all@example.org", "Le Goff"))
    assert "Bcc" not in mail
    assert mail["To"].addresses[0].addr_spec == "anne@example.org"


def test_accents_travel_in_names_and_domains() -> None:
    mail = mail_to(a_guardian("Maëlys", "Le Guével", "maelys@exämple.org"))
    assert mail["To"].addresses[0].domain == "xn--exmple-cua.org"
    assert mail["To"].addresses[0].display_name == "Maëlys Le Guével"


def test_a_domain_that_cannot_be_one_is_told_as_such() -> None:
    with pytest.raises(UnicodeError):
        mail_to(a_guardian(mail=f"anne@{'é' * 70}.org"))
