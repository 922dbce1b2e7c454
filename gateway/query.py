"""The address's query, read so that a wrong value shows the usual page."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID


class Query:
    """Values by name, with defaults for those absent or wrong."""

    def __init__(self, values: Mapping[str, str], today: date) -> None:
        self._values = values
        self._today = today

    def get(self, name: str, default: str = "") -> str:
        return self._values.get(name, default).strip()

    def number(self, name: str, default: int = 1) -> int:
        """A positive whole number of reasonable size."""
        text = self.get(name)
        return int(text) if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) else default

    def month(self, name: str) -> date:
        """The first day of "2026-11"; of the present month when absent or wrong."""
        try:
            return date.fromisoformat(f"{self.get(name)}-01")
        except ValueError:
            return self._today.replace(day=1)

    def day(self, name: str) -> date:
        """A day; today when absent or wrong."""
        try:
            return date.fromisoformat(self.get(name))
        except ValueError:
            return self._today

    def id(self, name: str) -> UUID | None:
        """An identifier; none when absent or wrong."""
        try:
            return UUID(self.get(name))
        except ValueError:
            return None
