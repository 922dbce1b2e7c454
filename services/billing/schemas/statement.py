"""What statements take over HTTP."""

from pydantic import Field

from services.billing.model.months import FIRST_YEAR, LAST_YEAR
from services.chassis.web import Body


class StatementQuery(Body):
    """Of which year."""

    year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
