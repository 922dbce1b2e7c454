"""Who may what: the table says it of every operation, and the operations do as it says."""

import importlib

import pytest

from contracts.permissions import PERMISSIONS, allowed
from contracts.topics import SERVICES
from services.chassis import operator_routes
from services.chassis.endpoints import Endpoint


def endpoints(service: str) -> dict[str, Endpoint]:
    """A service's operations by method and path."""
    if service == "each service":
        found = operator_routes.ENDPOINTS
    else:
        found = importlib.import_module(f"services.{service}.routes").ENDPOINTS
    return {f"{endpoint.method} {endpoint.path}": endpoint for endpoint in found}


@pytest.mark.parametrize("service", [*SERVICES, "each service"])
def test_the_table_names_every_operation_and_no_other(service: str) -> None:
    assert set(PERMISSIONS[service]) == set(endpoints(service))


@pytest.mark.parametrize(
    ("service", "operation"),
    [(service, operation) for service, table in PERMISSIONS.items() for operation in table],
)
def test_an_operation_is_open_to_whom_the_table_says(service: str, operation: str) -> None:
    assert endpoints(service)[operation].allow == allowed(PERMISSIONS[service][operation])


def test_no_family_is_given_the_staffs_work_by_way_of_a_wider_group() -> None:
    for table in PERMISSIONS.values():
        for operation, words in table.items():
            if "/staff-accounts" in operation or "/outbox" in operation:
                assert "guardian" not in allowed(words), operation
