"""The whole way through the pages, in a real browser."""

import pytest

from tests.e2e.browser_journey import BrowserJourney, NewFamilies
from tests.e2e.visitors import Visitors


@pytest.mark.timeout(400)
async def test_a_new_family_goes_from_the_imported_file_to_the_receipt(visitors: Visitors) -> None:
    journey = BrowserJourney(visitors, NewFamilies("QUESNEL", "Malo", "HAMELIN"))
    await journey.whole_way()
    assert not visitors.complaints
