"""What is told of documents is what the published examples show."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from contracts.envelope import Event
from services.documents import publishing
from services.documents.model import Document, DocumentType
from services.documents.model.certificate import CertificateKind, KeptCertificate
from services.documents.model.publication import Content, Description, Publication
from services.documents.publishing import papers
from tests.contract.published import example_id, example_of, written

FAMILY = example_id("1")
INSURANCE = DocumentType(
    "insurance",
    "Attestation d’assurance scolaire et extrascolaire",
    per_child=True,
    validity="school_year",
    help="Demandez-la à votre assureur.",
)
ACCEPTED = Document(
    document_id=example_id("f"),
    family_id=FAMILY,
    child_id=example_id("5"),
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


MENUS = Publication(
    publication_id=example_id("21"),
    description=Description(
        "Menus de décembre 2026", "menu", "everyone", date(2026, 12, 1), date(2026, 12, 31)
    ),
    version=2,
    content=Content(example_id("23"), "menus.pdf", 1000),
    published_at=datetime(2026, 11, 27, 9, tzinfo=UTC),
    published_by=None,
)
PAID = KeptCertificate(
    certificate_id=example_id("22"),
    code_hash=b"hash",
    family_id=FAMILY,
    kind=CertificateKind.PAYMENT,
    sealed=b"what it says",
    issued_at=datetime(2026, 12, 7, 10, 12, tzinfo=UTC),
    issued_by=None,
)
RECOVERED_AT = datetime(2026, 11, 23, 18, 4, tzinfo=UTC)

TOLD: Final = (
    publishing.deposited(ACCEPTED),
    *papers.reached(ACCEPTED),
    *papers.reached(replace(ACCEPTED, state="rejected")),
    *papers.reached(replace(ACCEPTED, state="expiring", version=3)),
    *papers.reached(replace(ACCEPTED, state="expired", version=4)),
    papers.stands(ACCEPTED, INSURANCE, news=True),
    papers.types(example_id("20"), 3, [INSURANCE]),
    publishing.administrative_document_published(MENUS),
    publishing.administrative_document_withdrawn(MENUS.withdrawn(MENUS.published_at)),
    publishing.vault_access_changed(FAMILY, example_id("3"), "recovered", RECOVERED_AT),
    publishing.certificate_issued(PAID),
)


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_the_published_example(event: Event) -> None:
    assert written(event) == example_of(type(event))


def test_the_services_are_told_where_a_document_stands_and_never_its_name() -> None:
    assert "Léa" not in papers.stands(ACCEPTED, INSURANCE, news=True).model_dump_json()


def test_steps_that_concern_nobody_else_are_not_told_to_the_town() -> None:
    for state in ("quarantined", "submitted", "infected", "replaced"):
        assert papers.reached(replace(ACCEPTED, state=state)) == []
