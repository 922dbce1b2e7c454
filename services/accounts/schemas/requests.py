"""Request and answer bodies of newcomers' account requests."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from services.accounts.model import values
from services.accounts.model.requests import Adult, RequestedChild, RequestForm
from services.accounts.schemas import AddressAnswer, AddressBody, Mail, Phone
from services.chassis.endpoints import Answer, Body

RequestStatus = Literal["waiting", "approved", "refused"]

Name = Annotated[str, AfterValidator(values.clean), Field(min_length=1, max_length=80)]
Reason = Annotated[str, AfterValidator(values.clean), Field(min_length=1, max_length=500)]


class AdultBody(Body):
    """An adult who asks."""

    first_name: Name
    last_name: Name
    mail: Mail | None = None
    phone: Phone | None = None


class ChildBody(Body):
    """A child of theirs."""

    first_name: Name
    last_name: Name
    birth_date: date
    school_code: Annotated[str, Field(max_length=20)] | None = None
    school_class: Annotated[str, Field(max_length=40)] | None = None


class AccountRequestBody(Body):
    """A newcomer's household; the first adult gets the confirmation link.

    `origin`: the network address that asked, which the gateway tells.
    """

    adults: tuple[AdultBody, ...] = Field(min_length=1, max_length=2)
    children: tuple[ChildBody, ...] = Field(min_length=1, max_length=10)
    address: AddressBody
    origin: str = Field(default="", max_length=64)

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if not self.adults[0].mail:
            raise ValueError("Donnez votre adresse mail : nous y envoyons le lien à confirmer.")
        names = [(a.first_name.casefold(), a.last_name.casefold()) for a in self.adults]
        if len(set(names)) < len(names):
            raise ValueError("Les deux responsables portent le même nom et le même prénom.")
        return self

    @property
    def form(self) -> RequestForm:
        """The request as the model has it."""
        return RequestForm(
            adults=tuple(Adult(**adult.model_dump()) for adult in self.adults),
            children=tuple(RequestedChild(**child.model_dump()) for child in self.children),
            address=self.address.value,
        )


class RequestReceivedAnswer(Answer):
    """The same for every request, whoever asks."""

    status: Literal["received"] = "received"


class ConfirmBody(Body):
    """What the link carries."""

    token: str = Field(min_length=1, max_length=100)


class RequestListQuery(Body):
    """Which requests, and which page of them."""

    status: RequestStatus = "waiting"
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=25, ge=1, le=200)


class RequestRow(Answer):
    """A request in the list."""

    request_id: UUID
    status: RequestStatus
    name: str
    mail: str
    children: int
    city: str
    confirmed_at: datetime | None
    decided_at: datetime | None


class RequestListAnswer(Answer):
    """A page of requests, the oldest that wait first."""

    requests: tuple[RequestRow, ...]
    total: int
    page: int
    size: int


class AdultAnswer(Answer):
    """An adult as typed."""

    first_name: str
    last_name: str
    mail: str | None
    phone: str | None


class RequestedChildAnswer(Answer):
    """A child as typed."""

    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None
    school_class: str | None


class AlikeAnswer(Answer):
    """A family that may be the same; `reasons` say in French why."""

    family_id: UUID
    reference: str
    label: str
    city: str
    children: tuple[str, ...]
    guardians: tuple[str, ...]
    score: int
    likely: bool
    reasons: tuple[str, ...]


class RequestAnswer(Answer):
    """A request, and the families that resemble it."""

    request_id: UUID
    status: RequestStatus
    asked_at: datetime
    confirmed_at: datetime | None
    decided_at: datetime | None
    family_id: UUID | None
    reason: str | None
    adults: tuple[AdultAnswer, ...]
    children: tuple[RequestedChildAnswer, ...]
    address: AddressAnswer
    alike: tuple[AlikeAnswer, ...]


class ApproveBody(Body):
    """Into which family; without one a new record is made."""

    family_id: UUID | None = None
    resident: bool = False
    use_contacts: bool = False


class ApprovedAnswer(Answer):
    """The family, and how its code goes out."""

    family_id: UUID
    reference: str
    by_mail: int
    by_letter: int


class RefuseBody(Body):
    """Why; the newcomer reads it."""

    reason: Reason
