"""Every operation of accounts turns away every role that the table does not name."""

import re
from uuid import uuid4

import pytest

from contracts.permissions import PERMISSIONS, allowed
from contracts.roles import ANONYMOUS, EVERYONE, GUARDIAN, OPERATOR
from services.chassis.auth import Caller
from services.chassis.testing import guardian, staff
from tests.integration.accounts.conftest import Town


def caller(role: str) -> Caller:
    if role in (ANONYMOUS, OPERATOR):
        return Caller(frozenset({role}))
    return guardian(uuid4()) if role == GUARDIAN else staff(role)


@pytest.mark.parametrize("operation", PERMISSIONS["accounts"])
async def test_who_may_not_is_turned_away(town: Town, operation: str) -> None:
    method, path = operation.split(" ")
    path = re.sub(r"{\w+}", str(uuid4()), path)
    for role in sorted(EVERYONE - allowed(PERMISSIONS["accounts"][operation])):
        reply = await town.service.call(method, path, caller(role), json={})
        expected = 401 if role in (ANONYMOUS, OPERATOR) else 403
        assert reply.status == expected, role
