"""The classes that an activity is for, and those that children are in."""

import re
import unicodedata
from collections.abc import Collection


def admits(classes: Collection[str], school_class: str | None) -> bool:
    """Whether a child of this class may come: any class where none is named.

    Of « CP » are « cp B » and « CP-CE1 » too. A child whose class nobody knows is let in.
    """
    if not classes or not _words(school_class or ""):
        return True
    named = f" {_words(school_class or '')} "
    return any(f" {_words(one)} " in named for one in classes)


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))
