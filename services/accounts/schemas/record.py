"""Request and answer bodies about the whole record: persons, custody, consents, rules."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from services.accounts.model import values
from services.accounts.model.care import CarePlan, Contact, Doctor, Vaccination, Vaccine
from services.accounts.model.family import Diet, Link
from services.accounts.model.quotient import FRANCE, CivilIdentity
from services.accounts.schemas import AddressBody, Phone
from services.accounts.schemas.person import ChangeAnswer, ConsentAnswered
from services.chassis.endpoints import Answer, Body


def _past(day: date) -> date:
    if day.year < 1900:
        raise ValueError("Cette date est trop ancienne.")
    return day


def _reached_at(value: str) -> str:
    number = values.telephone(value)
    if number is None:
        raise ValueError("Donnez le numéro de téléphone de cette personne.")
    return number


ReachedAt = Annotated[str, Field(max_length=40), AfterValidator(_reached_at)]
Clean = AfterValidator(values.clean)
Name = Annotated[str, Clean, Field(min_length=1, max_length=80)]
Word = Annotated[str, Clean, Field(max_length=80)]
Text = Annotated[str, Field(max_length=2000)]
Day = Annotated[date, AfterValidator(_past)]


class CarePlanBody(Body):
    """What to do, never what the child suffers from."""

    instructions: Text = ""
    valid_until: Day | None = None


class VaccinationBody(Body):
    """The last injection of a vaccine."""

    vaccine: Vaccine
    given_on: Day


class DoctorBody(Body):
    """Who treats the child."""

    name: Name
    phone: Phone | None = None


class ContactBody(Body):
    """Somebody who may fetch the child, or is called in an emergency, or both."""

    name: Name
    phone: ReachedAt
    link: Word = ""
    may_pick_up: bool = False
    emergency: bool = False

    @model_validator(mode="after")
    def _is_for_something(self) -> Self:
        if not (self.may_pick_up or self.emergency):
            raise ValueError(
                "Dites si cette personne est à prévenir ou peut venir chercher l’enfant."
            )
        return self


class GuardianPatch(Body):
    """What is to change of a guardian; a field left out stays. `address: null` is the family's."""

    first_name: Name | None = None
    last_name: Name | None = None
    link: Link | None = None
    mail: Annotated[str, Field(max_length=300), AfterValidator(values.mail_address)] | None = None
    phone: Phone | None = None
    address: AddressBody | None = None

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes that the body names, as the model has them."""
        given = {n: getattr(self, n) for n in self.model_fields_set}
        if self.address:
            given["address"] = self.address.value
        # A name can be corrected, not taken away.
        return {n: v for n, v in given.items() if v or n not in ("first_name", "last_name")}


class ChildPatch(Body):
    """What is to change of a child; a field left out stays, a list given replaces the old one."""

    first_name: Name | None = None
    last_name: Name | None = None
    birth_date: Day | None = None
    school_code: Annotated[str, Clean, Field(max_length=20)] | None = None
    school_class: Annotated[str, Clean, Field(max_length=40)] | None = None
    diet: Diet | None = None
    allergies: Annotated[str, Clean, Field(max_length=500)] | None = None
    pai: CarePlanBody | None = None
    vaccinations: tuple[VaccinationBody, ...] | None = Field(default=None, max_length=7)
    doctor: DoctorBody | None = None
    contacts: tuple[ContactBody, ...] | None = Field(default=None, max_length=10)

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes that the body names, as the model has them."""
        required = ("first_name", "last_name", "birth_date", "diet")
        given = {n: getattr(self, n) for n in self.model_fields_set}
        given = {n: v for n, v in given.items() if v is not None or n not in required}
        makers = {"pai": CarePlan, "doctor": Doctor}
        for name, make in makers.items():
            if given.get(name):
                given[name] = make(**given[name].model_dump())
        for name, of_one in (("vaccinations", Vaccination), ("contacts", Contact)):
            if name in given:
                given[name] = tuple(of_one(**one.model_dump()) for one in given[name] or ())
        texts = ("school_code", "school_class", "allergies")
        return {n: (v or None) if n in texts else v for n, v in given.items()}

    @model_validator(mode="after")
    def _names_each_vaccine_once(self) -> Self:
        vaccines = [v.vaccine for v in self.vaccinations or ()]
        if len(set(vaccines)) < len(vaccines):
            raise ValueError("Donnez chaque vaccin une seule fois.")
        return self


class QuotientBody(Body):
    """A quotient as typed; a parent's waits for the staff. `quotient: null` clears it."""

    quotient: int | None = Field(ge=0, le=99_999, strict=True)
    valid_until: Day | None = None


class IdentityBody(Body):
    """The allocataire's identity, and the family's agreement to ask the funds."""

    agreed: Literal[True]
    birth_name: Name
    used_name: Word | None = None
    first_names: tuple[Name, ...] = Field(min_length=1, max_length=6)
    birth_date: Day
    sex: Literal["M", "F"]
    birth_country: str = Field(default=FRANCE, pattern=r"^99\d{3}$")
    birth_commune: str | None = Field(default=None, pattern=r"^(\d{5}|2[AB]\d{3})$")

    @model_validator(mode="after")
    def _is_born_somewhere(self) -> Self:
        if self.birth_country == FRANCE and not self.birth_commune:
            raise ValueError("Donnez le code de la commune de naissance.")
        return self

    @property
    def value(self) -> CivilIdentity:
        """The identity as the model has it."""
        return CivilIdentity(
            birth_name=self.birth_name,
            first_names=self.first_names,
            birth_date=self.birth_date,
            sex=self.sex,
            birth_country=self.birth_country,
            birth_commune=self.birth_commune,
            used_name=self.used_name or None,
        )


class SecondHomeBody(Body):
    """The other family, by its file number."""

    reference: str = Field(min_length=1, max_length=40)


class StayBody(Body):
    """Days, both included, in this family's home or in the other one."""

    here: bool
    first: Day
    last: Day

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last < self.first:
            raise ValueError("La période se termine avant d’avoir commencé.")
        return self


class CustodyBody(Body):
    """The calendar as seen from this family: weeks by parity, days by date, or both."""

    even_weeks_here: bool | None = None
    change_weekday: int = Field(default=1, ge=1, le=7)
    stays: tuple[StayBody, ...] = Field(default=(), max_length=60)


class ConsentAnswerBody(Body):
    """Yes or no, to the version that was read."""

    version: int = Field(ge=1, le=1_000_000)
    granted: bool


class ConsentsAnswer(Answer):
    """What one home answered for a child."""

    consents: tuple[ConsentAnswered, ...]


class ChangesQuery(Body):
    """How many of the last changes."""

    size: int = Field(default=50, ge=1, le=500)


class ChangesAnswer(Answer):
    """A family's last changes, the newest first."""

    changes: tuple[ChangeAnswer, ...]
