"""What SQL adds to a month is what the rules in Python add, to the cent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.model.aids import Aid, deducted
from services.billing.model.families import Child, Family
from services.billing.model.months import Month
from services.billing.model.tariffs import Flat, Tariff
from services.billing.model.tariffs.months import Monthly, adjustment
from services.billing.repository import adjustments, copies, formulas, tariffs
from services.chassis.database import Connection, taken_back
from services.chassis.testing import RunningService
from tests.unit.billing import tariff_strategies as some
from tests.unit.billing.builders import NOW

ACTIVITY = UUID("00000000-0000-4000-8000-0000000000a8")
FIRST = date(2026, 11, 1)
ceilings = st.none() | st.integers(1, 4000)
USE = """
INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis, unit_cents,
    surcharge_cents, amount_cents)
VALUES ($1, $2, $3, $4, $5, 'present', $6, 0, $6)
"""
ADDED = """
SELECT coalesce(sum(amount_cents), 0) FROM open_charge WHERE child_id = $1 AND basis <> 'present'
"""


@st.composite
def aids(draw: st.DrawFn, family_id: UUID) -> Aid:
    """An aid of the whole school year with one ceiling at least."""
    day = draw(ceilings)
    month = draw(ceilings if day else st.integers(1, 4000))
    return Aid(family_id, "CAF", FIRST, date(2027, 8, 31), day_cents=day, month_cents=month)


async def family_of(connection: Connection, family_id: UUID, quotient: int | None) -> UUID:
    """A family with this quotient; its child."""
    child = Child(uuid4(), "Léa", "Martin")
    known = Family(family_id, 1, "F", "", True, quotient, None, None, (), (child,))
    await copies.keep_family(connection, known)
    return child.child_id


def expected(
    days: Sequence[int], monthly: Monthly | None, given_aids: Sequence[Aid], quotient: int | None
) -> int:
    """What the rules add to a month of these uses, one a day."""
    added = adjustment(monthly, sum(days), quotient) if monthly else 0
    due, helped = sum(days) + added, 0
    for aid in given_aids:
        helped += sum(deducted(aid, days, due - helped))
    return added - helped


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    days=st.lists(st.integers(1, 1500), min_size=1, max_size=6),
    monthly=st.none() | st.builds(Monthly, st.sampled_from(["cap", "fee"]), some.prices()),
    quotient=st.none() | some.QUOTIENTS,
    told=st.lists(aids(uuid4()), max_size=2),
)
async def test_sql_settles_a_month_as_the_rules_do(
    billing: RunningService,
    days: list[int],
    monthly: Monthly | None,
    quotient: int | None,
    told: list[Aid],
) -> None:
    family_id = uuid4()
    granted = [replace(aid, family_id=family_id) for aid in told]
    tariff = Tariff(ACTIVITY, date(2026, 9, 1), Flat(0), monthly=monthly)
    async with billing.database.connection() as connection, taken_back(connection):
        await copies.keep_activity(
            connection, ACTIVITY, version=1, name="A", kind="canteen", school_year=""
        )
        await tariffs.insert(connection, tariff, now=NOW, by=None)
        child_id = await family_of(connection, family_id, quotient)
        for number, aid in enumerate(granted):
            at = NOW + timedelta(seconds=number)
            await formulas.grant(connection, aid, now=at, by=None)
        for number, cents in enumerate(days):
            day = FIRST + timedelta(days=number)
            await connection.execute(USE, child_id, uuid4(), family_id, ACTIVITY, day, cents)
        for _ in range(2):  # again is harmless
            await adjustments.settle_month(connection, Month(FIRST), [family_id])
            added = await connection.fetchval(ADDED, child_id)
            assert added == expected(days, monthly, granted, quotient)
