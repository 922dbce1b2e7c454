"""What is told of documents is what the published examples show."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.envelope import Event
from contracts.events.documents import (
    DocumentAccepted,
    DocumentDeposited,
    DocumentExpired,
    DocumentExpiring,
    DocumentRejected,
    DocumentStateChanged,
    DocumentTypesPublished,
)
from services.documents import publishing
from services.documents.model import Document, DocumentType
from services.documents.publishing import papers as papers_publishing
from tests.contract.test_schemas import example_of

INSURANCE = DocumentType(
    "insurance",
    "Attestation d’assurance scolaire et extrascolaire",
    per_child=True,
    validity="school_year",
    help="Demandez-la à votre assureur.",
)
ACCEPTED = Document(
    document_id=UUID("018f0000-0000-4000-8000-00000000000f"),
    family_id=UUID("018f0000-0000-4000-8000-000000000001"),
    child_id=UUID("018f0000-0000-4000-8000-000000000005"),
    document_type="insurance",
    filename="assurance de Léa.pdf",
    content_type="application/pdf",
    size=1000,
    fingerprint=b"",
    deposited_by=None,
    deposited_at=datetime.fromisoformat("2026-11-23T09:00:00Z"),
    version=2,
    state="accepted",
    valid_from=date(2026, 11, 23),
    valid_until=date(2027, 8, 31),
    reason="Une raison.",
)


def written(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json")


def test_a_deposit_is_told_as_its_example() -> None:
    assert written(publishing.deposited(ACCEPTED)) == example_of(DocumentDeposited)


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (ACCEPTED, DocumentAccepted),
        (replace(ACCEPTED, state="rejected"), DocumentRejected),
        (replace(ACCEPTED, state="expiring", version=3), DocumentExpiring),
        (replace(ACCEPTED, state="expired", version=4), DocumentExpired),
    ],
)
def test_each_public_step_is_told_as_its_example(document: Document, kind: type[Event]) -> None:
    [event] = papers_publishing.reached(document)
    assert isinstance(event, kind)
    assert written(event) == example_of(kind)


def test_the_services_are_told_where_a_document_stands_and_never_its_name() -> None:
    event = papers_publishing.stands(ACCEPTED, INSURANCE, news=True)
    assert written(event) == example_of(DocumentStateChanged)
    assert "Léa" not in event.model_dump_json()


def test_steps_that_concern_nobody_else_are_not_told_to_the_town() -> None:
    for state in ("quarantined", "submitted", "infected", "replaced"):
        assert papers_publishing.reached(replace(ACCEPTED, state=state)) == []


def test_the_list_of_types_is_told_as_its_example() -> None:
    catalogue_id = UUID("018f0000-0000-4000-8000-000000000020")
    event = papers_publishing.types(catalogue_id, 3, [INSURANCE])
    assert written(event) == example_of(DocumentTypesPublished)
