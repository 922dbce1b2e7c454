"""Who pays for a family in its place, over HTTP."""

from pydantic import Field

from services.chassis.web import Answer, Body


class OrganisationBody(Body):
    """A business or public body."""

    name: str = Field(min_length=2, max_length=70)
    siret: str = Field(min_length=14, max_length=20)


class OrganisationAnswer(Answer):
    """Both empty: the family pays itself."""

    name: str = ""
    siret: str = ""
