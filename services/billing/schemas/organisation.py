"""Who pays for a family in its place, over HTTP."""

from pydantic import Field

from services.chassis.web import Answer, Body


class OrganisationBody(Body):
    """A business or public body, and what it wants quoted on its invoices (Chorus Pro)."""

    name: str = Field(min_length=2, max_length=70)
    siret: str = Field(min_length=14, max_length=20)
    service_code: str = Field(default="", max_length=200)
    engagement: str = Field(default="", max_length=200)


class OrganisationAnswer(Answer):
    """Name and SIRET empty: the family pays itself."""

    name: str = ""
    siret: str = ""
    service_code: str = ""
    engagement: str = ""
