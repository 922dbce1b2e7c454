"""Who pays for children: third parties, and how charges are divided."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.roles import DESK, GUARDIAN, TILL
from gateway.api.edge import forward
from gateway.readers.payers import Sharing, Sharings, ThirdParties, ThirdParty
from services.chassis.endpoints import Body

# As billing tells organisations apart.
Nature = Literal[
    "company",
    "sole_trader",
    "association",
    "ccas",
    "school_fund",
    "municipality",
    "grouping",
    "department",
    "hospital",
    "state",
    "public_body",
    "family_fund",
]
Line = Annotated[str, Field(min_length=1, max_length=60)]


class ThirdPartyBody(Body):
    """A person or an organisation that pays and is no family.

    Its papers go by post; `mail`: where it is told of them, if it has one. `nature`: of an
    organisation, which the public accountant asks for.
    """

    kind: Literal["person", "organisation"]
    name: Annotated[str, Field(min_length=2, max_length=70)]
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=3)]
    postcode: Annotated[str, Field(min_length=5, max_length=5)]
    city: Annotated[str, Field(min_length=1, max_length=60)]
    mail: Annotated[str, Field(max_length=254)] | None = None
    siret: Annotated[str, Field(max_length=20)] = ""
    nature: Nature | None = None


class ThirdPartyErasure(Body):
    """The payer's own reference, typed again to confirm."""

    reference: Annotated[str, Field(min_length=1, max_length=40)]


class PartBody(Body):
    """By id, or by the reference of a family's file or a third party; ten-thousandths."""

    payer_id: UUID | None = None
    reference: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    part: Annotated[int, Field(description="3000 is 30 %; the parts add up to 10000")]


class SharingBody(Body):
    """Who pays which part of a child's charges, of one activity or of all."""

    child_id: UUID
    activity_id: UUID | None = None
    parts: Annotated[tuple[PartBody, ...], Field(min_length=1, max_length=6)]
    valid_from: date
    valid_until: date | None = None


class EndBody(Body):
    last_day: date


ENDPOINTS = (
    forward(
        "GET",
        "/family/sharings",
        "list_own_sharings",
        to="billing",
        at="/families/{own_family}/sharings",
        allow={GUARDIAN},
        answer=Sharings,
        summary="Which parts of the children's charges are paid by others; not by whom.",
    ),
    forward(
        "GET",
        "/staff/third-parties",
        "list_third_parties",
        to="billing",
        at="/third-parties",
        allow=DESK,
        answer=ThirdParties,
        summary="The payers who are no family, by name.",
    ),
    forward(
        "POST",
        "/staff/third-parties",
        "add_third_party",
        to="billing",
        at="/third-parties",
        allow=TILL,
        body=ThirdPartyBody,
        answer=ThirdParty,
        status=201,
        summary="Take in a payer who is no family.",
    ),
    forward(
        "GET",
        "/staff/third-parties/{payer_id}",
        "read_third_party",
        to="billing",
        at="/third-parties/{payer_id}",
        allow=DESK,
        answer=ThirdParty,
        summary="One payer who is no family.",
    ),
    forward(
        "PUT",
        "/staff/third-parties/{payer_id}",
        "correct_third_party",
        to="billing",
        at="/third-parties/{payer_id}",
        allow=TILL,
        body=ThirdPartyBody,
        answer=ThirdParty,
        summary="What is invoiced from now on goes to this name and address.",
    ),
    forward(
        "POST",
        "/staff/third-parties/{payer_id}/erasure",
        "erase_third_party",
        to="billing",
        at="/third-parties/{payer_id}/erasure",
        allow=TILL,
        body=ThirdPartyErasure,
        status=204,
        summary="Forget a payer who has nothing left to pay, but for its invoices and payments.",
    ),
    forward(
        "GET",
        "/staff/families/{family_id}/sharings",
        "list_sharings",
        to="billing",
        at="/families/{family_id}/sharings",
        allow=DESK,
        answer=Sharings,
        summary="How the charges of a family's children are divided, and whose it pays.",
    ),
    forward(
        "POST",
        "/staff/families/{family_id}/sharings",
        "share_charges",
        to="billing",
        at="/families/{family_id}/sharings",
        allow=TILL,
        body=SharingBody,
        answer=Sharing,
        status=201,
        summary="Divide a child's charges that are not invoiced yet among payers.",
    ),
    forward(
        "POST",
        "/staff/sharings/{sharing_id}/end",
        "end_sharing",
        to="billing",
        at="/sharings/{sharing_id}/end",
        allow=TILL,
        body=EndBody,
        status=204,
        summary="From the day after the last one the charges are not divided.",
    ),
    forward(
        "DELETE",
        "/staff/sharings/{sharing_id}",
        "take_back_sharing",
        to="billing",
        at="/sharings/{sharing_id}",
        allow=TILL,
        status=204,
        summary="It was a mistake; nothing of it is invoiced yet.",
    ),
)
