"""Bodies about what the town's accounts and the treasury are sent."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.chassis.web import Body

LONGEST_DAYS = 366


class PeriodQuery(Body):
    """From the first day to the last, both counted; a year at most."""

    first: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
    last: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]

    @model_validator(mode="after")
    def _is_a_period(self) -> Self:
        if not 0 <= (self.last - self.first).days <= LONGEST_DAYS:
            raise ValueError("Le dernier jour suit le premier, d’un an au plus.")
        return self
