"""Rounds of baskets in turn: through the gateway, and at a bare handler."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from deploy.bench.measure import Round, burst, spread, summary
from deploy.bench.opening_town import WISHES
from deploy.bench.reserving import Basket, Sides

PAIRS = 4
# One round of a pair: so large a part of the families books once more.
ROUND_SHARE = 5


def round_sizes(families: int) -> list[int]:
    """Baskets in each round: a warm-up, the pairs, then half and double the size."""
    size = max(1, families // ROUND_SHARE)
    return [size] * (PAIRS + 1) + [max(1, size // 2), min(size * 2, families)]


async def compare(
    sides: Sides, contests: Sequence[Sequence[Basket]], tell: Callable[[str], None]
) -> dict[str, Any]:
    """Rounds in turn, A B A B, after a warm-up; then at half and at double size."""
    rounds: dict[str, list[Round]] = {"gateway": [], "bare": []}
    for number, baskets in enumerate(contests[: PAIRS + 1]):
        tell(f"round {number} of {PAIRS}" if number else "warming up")
        rounds["gateway"].append(await burst([sides.gateway(basket) for basket in baskets]))
        rounds["bare"].append(await burst([sides.bare(basket) for basket in baskets]))
    tell("half and double size")
    growth = [await burst([sides.gateway(basket) for basket in c]) for c in contests[PAIRS + 1 :]]
    warm = {name: done[1:] for name, done in rounds.items()}
    return {
        "baskets": {name: summary(done) for name, done in warm.items()},
        "bookings_per_second": {
            name: spread([r.per_second * WISHES for r in done]) for name, done in warm.items()
        },
        "ratio_to_bare": spread(
            [a.per_second / b.per_second for a, b in zip(*warm.values(), strict=True)]
        ),
        "growth_through_gateway": {str(r.requests): asdict(r) for r in growth},
    }
