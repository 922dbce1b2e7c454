"""Whether a PDF is under a password, told as it passes by."""

import re
from typing import Final


class LockMark:
    """Finds the encryption entry of a PDF's trailer, wherever in the file it stands."""

    ENTRY: Final = re.compile(rb"/Encrypt\s*(<<|\d+\s+\d+\s+R)")
    LONGEST: Final = 64

    def __init__(self) -> None:
        self.found = False
        self._rest = b""

    def feed(self, part: bytes) -> None:
        """Read on."""
        seen = self._rest + part
        self.found = self.found or (b"/Encrypt" in seen and bool(self.ENTRY.search(seen)))
        self._rest = seen[-self.LONGEST :]
