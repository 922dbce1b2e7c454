"""Request bodies about who is in a record."""

from pydantic import Field

from services.accounts.model.family import Link
from services.accounts.model.requests import Adult, RequestedChild, RequestForm
from services.accounts.schemas import AddressBody, Mail, Phone
from services.accounts.schemas.record import Name
from services.accounts.schemas.requests import AdultBody, ChildBody
from services.chassis.endpoints import Body


class NewFamilyBody(Body):
    """A household as the office types it; the first adult receives the messages.

    `although_alike`: the office has looked at the families that resemble it.
    """

    resident: bool = False
    adults: tuple[AdultBody, ...] = Field(min_length=1, max_length=2)
    children: tuple[ChildBody, ...] = Field(default=(), max_length=10)
    address: AddressBody
    although_alike: bool = False

    @property
    def form(self) -> RequestForm:
        """The household as the model has it."""
        return RequestForm(
            adults=tuple(Adult(**adult.model_dump()) for adult in self.adults),
            children=tuple(RequestedChild(**child.model_dump()) for child in self.children),
            address=self.address.value,
        )


class NewGuardianBody(Body):
    """One more adult of a family."""

    first_name: Name
    last_name: Name
    link: Link | None = None
    phone: Phone | None = None
    mail: Mail | None = None
