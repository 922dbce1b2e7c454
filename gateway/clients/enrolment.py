"""enrolment, as the portal asks it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import (
    Activities,
    Activity,
    Enrolment,
    EnrolmentChild,
    EnrolmentChildren,
    Enrolments,
    Papers,
    Regulations,
    School,
    Schools,
    SchoolYear,
    SchoolYears,
)

MOST_AT_ONCE = 500  # what enrolment gives on one page


class EnrolmentClient(Area):
    """School years, schools, activities, enrolment requests."""

    async def school_years(self) -> Sequence[SchoolYear]:
        return (await self.read(SchoolYears, "/school-years")).school_years

    async def schools(self) -> Sequence[School]:
        return (await self.read(Schools, "/schools")).schools

    async def activities(self) -> Sequence[Activity]:
        return (await self.read(Activities, "/activities")).activities

    async def save_school_year(self, school_year: Mapping[str, Any]) -> None:
        await self.order("POST", "/school-years", school_year)

    async def save_school(self, school: Mapping[str, Any]) -> None:
        await self.order("POST", "/schools", school)

    async def save_activity(self, activity: Mapping[str, Any]) -> None:
        """Create it, or change the one of the same code."""
        await self.order("POST", "/activities", activity)

    async def children(self) -> Sequence[EnrolmentChild]:
        """The caller's children, as enrolment knows them."""
        return (await self.read(EnrolmentChildren, "/children")).children

    async def enrolments(
        self, status: str | None = None, child_id: UUID | None = None
    ) -> Sequence[Enrolment]:
        """A guardian's own; for the staff the newest 500 (`page_of_enrolments` has them all)."""
        query = {"status": status, "child_id": child_id, "size": MOST_AT_ONCE}
        found = await self.read(Enrolments, "/enrolments", **query)
        return found.enrolments

    async def page_of_enrolments(
        self,
        *,
        status: str | None = None,
        family_id: UUID | None = None,
        activity_id: UUID | None = None,
        page: int = 1,
        size: int = 50,
    ) -> Enrolments:
        """For the staff: one page, and `total`."""
        query = {"status": status, "family_id": family_id, "activity_id": activity_id}
        return await self.read(Enrolments, "/enrolments", **query, page=page, size=size)

    async def papers(
        self,
        family_id: UUID | None = None,
        *,
        child_id: UUID | None = None,
        activity_id: UUID | None = None,
    ) -> Papers:
        """What is asked of the family; with an activity, what it asks for this child."""
        query = {"family_id": family_id, "child_id": child_id, "activity_id": activity_id}
        return await self.read(Papers, "/papers", **query)

    async def regulations(self, school_year: str) -> Regulations:
        """The house rules that an enrolment request accepts."""
        return await self.read(Regulations, "/regulations", school_year=school_year)

    async def request_enrolment(
        self, child_id: UUID, activity_id: UUID, *, regulations_accepted: bool
    ) -> None:
        await self.order(
            "POST",
            "/enrolments",
            {
                "child_id": str(child_id),
                "activity_id": str(activity_id),
                "regulations_accepted": regulations_accepted,
            },
        )

    async def accept(self, enrolment_id: UUID) -> None:
        await self.order("POST", f"/enrolments/{enrolment_id}/accept")

    async def refuse(self, enrolment_id: UUID, reason: str) -> None:
        await self.order("POST", f"/enrolments/{enrolment_id}/refuse", {"reason": reason})
