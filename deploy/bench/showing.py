"""A benchmark's report as a table."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table


def report_table(report: Mapping[str, Any]) -> RenderableType:
    """The report of `portail bench journey` for a person."""
    title = f"resident MB (all ready in {report['ready_seconds_after_database']} s)"
    memory = memory_table(title, report["resident_megabytes"])
    return Group(_reserve(report), _latency(report), memory)


def _reserve(report: Mapping[str, Any]) -> Table:
    table = Table("reserve", "requests/s", "p50 ms", "p99 ms", "ratio to bare")
    for name, case in report["reserve"].items():
        ratio = report["ratio_to_bare"].get(name)
        table.add_row(
            name,
            *(spread_text(case[column]) for column in ("requests_per_second", "p50_ms", "p99_ms")),
            spread_text(ratio) if ratio else "1",
        )
    return table


def _latency(report: Mapping[str, Any]) -> Table:
    found = report["event_latency"]
    table = Table("events, commit to charge", "p50 ms", "p99 ms", "max ms")
    pace = f"{found['events']} at {found['events_per_second']} a second"
    table.add_row(pace, *(str(found[name]) for name in ("p50_ms", "p99_ms", "max_ms")))
    return table


def memory_table(title: str, megabytes: Mapping[str, Any]) -> Table:
    """What each process holds at rest and after the load, and the most it held."""
    table = Table(title, "at rest", "after load", "peak")
    after = megabytes["after_load"]
    for name, rest in megabytes["at_rest"].items():
        table.add_row(name, *map(str, (rest["now"], after[name]["now"], after[name]["peak"])))
    return table


def spread_text(values: Mapping[str, float]) -> str:
    """Median, with the least and the most in brackets."""
    return f"{values['median']} ({values['min']}–{values['max']})"
