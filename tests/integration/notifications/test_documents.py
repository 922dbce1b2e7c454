"""Families are told what became of their documents, and before one ends."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.documents import DocumentStateChanged
from tests.contract.published import example_of
from tests.integration.notifications.conftest import Home, PostOffice, a_home_with_mail
from tests.integration.notifications.test_mails import text_of

INSURANCE = "Attestation d’assurance"


def a_step(home: Home, state: str, **changes: Any) -> DocumentStateChanged:
    fields = {
        "document_id": uuid4(),
        "version": 2,
        "family_id": home.family_id,
        "child_id": home.child_id,
        "document_type": "insurance",
        "state": state,
        "deposited_at": datetime.now(UTC),
        "valid_until": "2027-08-31",
        "called": INSURANCE,
        "tell_family": True,
        **changes,
    }
    return DocumentStateChanged.model_validate(fields)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("accepted", "31 août 2027"),
        ("rejected", "Le motif est indiqué"),
        ("infected", "programme malveillant"),
        ("expiring", "bientôt plus valable"),
        ("expired", "n’est plus valable"),
    ],
)
async def test_each_piece_of_news_is_one_mail(office: PostOffice, state: str, words: str) -> None:
    home = a_home_with_mail()
    step = a_step(home, state)
    await office.service.tell(home.file(), step)
    await office.service.tell(step)
    mail = await office.server.mail_to(home.mail or "")
    text = text_of(mail)
    assert words in text
    assert INSURANCE in text
    assert "Maëlys" in text
    await office.statuses(home, "sent")
    [event] = await office.sent(home)
    assert event.subject_kind == f"document_{state}"


async def test_a_discreet_document_is_not_named(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), a_step(home, "accepted", called=""))
    mail = await office.server.mail_to(home.mail or "")
    assert "Pièce :" not in text_of(mail)


async def test_what_is_no_news_makes_no_message(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(
        home.file(),
        a_step(home, "submitted"),
        a_step(home, "replaced"),
        a_step(home, "erased"),
        a_step(home, "expiring", tell_family=False),
        DocumentStateChanged.model_validate(example_of(DocumentStateChanged)),
    )
    assert await office.messages(home) == []
