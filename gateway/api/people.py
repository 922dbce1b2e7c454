"""Who is in a record, for the office: people taken out, put first, children in two homes."""

from datetime import date as day
from typing import Annotated

from pydantic import Field

from contracts.roles import OFFICE
from gateway.api.edge import Weekday, forward
from gateway.readers import Family
from services.chassis.endpoints import Body


class SecondHomeBody(Body):
    """The other family's file number."""

    reference: Annotated[str, Field(min_length=1, max_length=40)]


class StayBody(Body):
    here: bool
    first: day
    last: day


class CustodyBody(Body):
    """As seen from the family in the path; stays go before weeks."""

    even_weeks_here: bool | None = None
    change_weekday: Weekday = 1
    stays: Annotated[tuple[StayBody, ...], Field(max_length=60)] = ()


_STAFF = "/staff/families/{family_id}"
_CHILD = "/families/{family_id}/children/{child_id}"

ENDPOINTS = (
    forward(
        "DELETE",
        f"{_STAFF}/guardians/{{guardian_id}}",
        "remove_guardian",
        to="accounts",
        at="/families/{family_id}/guardians/{guardian_id}",
        allow=OFFICE,
        status=204,
        summary="Take a guardian out of a record; the account ends.",
    ),
    forward(
        "POST",
        f"{_STAFF}/guardians/{{guardian_id}}/first",
        "put_guardian_first",
        to="accounts",
        at="/families/{family_id}/guardians/{guardian_id}/first",
        allow=OFFICE,
        answer=Family,
        summary="Have this guardian receive the family's messages.",
    ),
    forward(
        "DELETE",
        f"{_STAFF}/children/{{child_id}}",
        "remove_child",
        to="accounts",
        at=_CHILD,
        allow=OFFICE,
        status=204,
        summary="Take a child out of this family's file; what was written of it stays.",
    ),
    forward(
        "POST",
        f"{_STAFF}/children/{{child_id}}/second-home",
        "link_second_home",
        to="accounts",
        at=f"{_CHILD}/second-home",
        allow=OFFICE,
        body=SecondHomeBody,
        answer=Family,
        summary="Put a child into a second family's file as well (garde alternée).",
    ),
    forward(
        "DELETE",
        f"{_STAFF}/children/{{child_id}}/second-home",
        "unlink_second_home",
        to="accounts",
        at=f"{_CHILD}/second-home",
        allow=OFFICE,
        status=204,
        summary="Leave a child in the file that registered it alone.",
    ),
    forward(
        "POST",
        f"{_STAFF}/children/{{child_id}}/custody",
        "set_custody",
        to="accounts",
        at=f"{_CHILD}/custody",
        allow=OFFICE,
        body=CustodyBody,
        answer=Family,
        summary="Set the custody calendar of a child in two homes.",
    ),
)
