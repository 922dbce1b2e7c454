"""The whole way through the pages, in a real browser."""

import pytest

from tests.e2e.browser_journey import BrowserJourney
from tests.e2e.visitors import Visitors


@pytest.mark.timeout(400)
async def test_a_new_family_goes_from_the_imported_file_to_the_receipt(visitors: Visitors) -> None:
    await BrowserJourney(visitors).whole_way()
    assert not visitors.complaints
