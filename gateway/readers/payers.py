"""What the portal reads of who pays for children."""

from datetime import date as day
from uuid import UUID

from gateway.readers.reader import Reader


class ThirdParty(Reader):
    """A person or an organisation that pays and is no family."""

    payer_id: UUID
    reference: str
    kind: str
    name: str
    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    mail: str | None = None
    siret: str = ""
    nature: str | None = None


class ThirdParties(Reader):
    third_parties: tuple[ThirdParty, ...] = ()


class PayerPart(Reader):
    """Ten-thousandths; a family is not told who the others are."""

    payer_id: UUID | None = None
    reference: str = ""
    name: str = ""
    third_party: bool = False
    part: int
    erased: bool = False


class Sharing(Reader):
    """How a child's charges are divided, from one day to another."""

    sharing_id: UUID
    family_id: UUID | None = None
    family_label: str = ""
    child_id: UUID
    child_name: str = ""
    activity_id: UUID | None = None
    activity_name: str | None = None
    valid_from: day
    valid_until: day | None = None
    parts: tuple[PayerPart, ...] = ()


class Sharings(Reader):
    sharings: tuple[Sharing, ...] = ()
