"""The report of an opening day as tables."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from deploy.bench.showing import memory_table, spread_text


def report_tables(report: Mapping[str, Any]) -> list[Table]:
    """The report of `portail bench opening-day` for a person."""
    memory = memory_table("resident MB", report["resident_megabytes"])
    return [_opening(report), _outcomes(report), _rounds(report), memory]


def _opening(report: Mapping[str, Any]) -> Table:
    found = report["opening"]
    title = f"{report['families']} families at once, {found['seconds']} s"
    table = Table(title, "p50", "p99")
    room = found["waiting_room"]
    table.add_row("in the waiting room, s", str(room["p50_seconds"]), str(room["p99_seconds"]))
    for name, step in found["steps"].items():
        table.add_row(f"{name}, ms", str(step["p50_ms"]), str(step["p99_ms"]))
    return table


def _outcomes(report: Mapping[str, Any]) -> Table:
    found, goals = report["opening"], report["goals"]
    table = Table("what came of it", "")
    table.add_row("bookings a second", str(found["bookings_per_second"]))
    table.add_row("longest line", str(found["waiting_room"]["longest_line"]))
    table.add_row("looks at the place in the line", str(found["waiting_room"]["looks"]))
    for outcome, count in sorted(found["outcomes"].items()):
        table.add_row(outcome, str(count))
    table.add_row("errors (goal: 0)", str(found["errors"]))
    table.add_row("overbooked sessions (goal: 0)", str(report["overbooked_sessions"]))
    lines = report["waiting_list"]
    violations = lines["order_violations"] if isinstance(lines, Mapping) else lines
    table.add_row("order violations in the waiting list (goal: 0)", str(violations))
    over = goals["p99_of_a_booking_over_bare_p50"]
    table.add_row(
        f"p99 of a booking / bare p50 (goal: < {over['goal']})", str(over["in_the_opening"])
    )
    return table


def _rounds(report: Mapping[str, Any]) -> Table:
    table = Table("baskets of places, in turn", "bookings/s", "p50 ms", "p99 ms")
    for name, case in report["baskets"].items():
        table.add_row(
            name,
            spread_text(report["bookings_per_second"][name]),
            spread_text(case["p50_ms"]),
            spread_text(case["p99_ms"]),
        )
    table.add_row("ratio to bare (goal: ≥ 0.5)", spread_text(report["ratio_to_bare"]), "", "")
    for size, found in report["growth_through_gateway"].items():
        bookings = f"{found['per_second']} baskets/s"
        table.add_row(f"{size} baskets", bookings, str(found["p50_ms"]), str(found["p99_ms"]))
    return table
