"""Prices made by SQL are those that the rules in Python make, to the cent."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.model.families import Child, Enrolled, Family
from services.billing.model.tariffs import Case, Tariff, price
from services.billing.repository import copies, pricing, tariffs
from services.chassis.database import Connection, taken_back
from services.chassis.testing import RunningService
from tests.unit.billing import tariff_strategies as some
from tests.unit.billing.builders import NOW

ACTIVITY = UUID("00000000-0000-4000-8000-0000000000a7")
DAY = date(2026, 11, 3)
MADE = "unit_cents, surcharge_cents, late_surcharge_cents, amount_cents"


UNIT = """
INSERT INTO unit (child_id, session_id, activity_id, date, attendance_state, attendance_family_id,
    attendance_version, arrived_minute, left_minute)
VALUES ($1, $2, $3, $4, 'present', $5, 1, $6, $7)
"""


def family_of(case: Case, child_id: UUID) -> Family:
    """A family whose child of this case has as many elders as its rank says."""
    elders = [Child(uuid4(), "Tom", "Martin", birth_date=DAY.replace(year=2015))] * (case.rank - 1)
    elders = [replace(elder, child_id=uuid4()) for elder in elders]
    child = Child(child_id, "Léa", "Martin", case.own_meal, DAY.replace(year=2020))
    return Family(
        family_id=uuid4(),
        record_version=1,
        reference="F",
        label="",
        resident=case.resident,
        quotient=case.quotient,
        quotient_until=None,
        mail=None,
        addressee=(),
        children=(child, *elders),
    )


async def charge(connection: Connection, case: Case) -> UUID:
    """An open charge of a family of this case, its elders enrolled and present; the child."""
    family, session_id = family_of(case, uuid4()), uuid4()
    child, *elders = family.children
    await copies.keep_family(connection, family)
    for elder in elders:
        since = DAY.replace(month=9)
        told = Enrolled(uuid4(), 1, family.family_id, elder.child_id, ACTIVITY, since, DAY)
        await copies.keep_enrolment(connection, told)
        await connection.execute(
            UNIT, elder.child_id, uuid4(), ACTIVITY, DAY, family.family_id, None, None
        )
    await connection.execute(
        UNIT, child.child_id, session_id, ACTIVITY, DAY, family.family_id, *(case.stay or ())
    )
    await connection.execute(
        """INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        child.child_id,
        session_id,
        family.family_id,
        ACTIVITY,
        DAY,
        case.basis,
    )
    return child.child_id


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tariff=some.tariffs(ACTIVITY),
    told=st.lists(some.cases(), min_size=1, max_size=12),
)
async def test_sql_prices_every_case_as_the_rules_do(
    billing: RunningService, tariff: Tariff, told: list[Case]
) -> None:
    tariff.check()
    async with billing.database.connection() as connection, taken_back(connection):
        await copies.keep_activity(
            connection, ACTIVITY, version=1, name="A", kind="canteen", school_year=""
        )
        await tariffs.insert(connection, tariff, now=NOW, by=None)
        children = [await charge(connection, case) for case in told]
        await pricing.price_activity(connection, ACTIVITY, tariff.valid_from)
        for child_id, case in zip(children, told, strict=True):
            row = await connection.fetchrow(
                f"SELECT {MADE} FROM open_charge WHERE child_id = $1",  # noqa: S608 - a constant
                child_id,
            )
            made = price(tariff, case)
            assert row
            assert tuple(row) == (
                made.unit_cents,
                made.surcharge_cents,
                made.late_surcharge_cents,
                made.amount_cents,
            )
