"""Jinja2 as the pages use it: escaped, strict, with the French filters."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from gateway import formats
from gateway.assets import Assets
from gateway.panels import is_unavailable
from gateway.settings import Office

TEMPLATE_FOLDER = Path(__file__).parent / "templates"


class FixedSpaces(Extension):
    """French puts a space before « : », which must not end up at the start of a line."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The template's tokens; its own text with spaces at which no line breaks."""
        for token in stream:
            is_text = token.type == "data"
            yield Token(token.lineno, token.type, fixed(token.value)) if is_text else token


def fixed(text: str) -> str:
    """The text with fixed spaces before : ; ? ! » and after «"""
    return re.sub(r" (?=[:;?!»](?:\s|<|$))|(?<=«) ", formats.FIXED_SPACE, text)


class Templates:
    """Renders templates; an undefined name is an error, not an empty space."""

    def __init__(
        self,
        assets: Assets,
        town_name: str,
        folder: Path = TEMPLATE_FOLDER,
        *,
        office: Office,
        offers_france_connect: bool = False,
    ) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=[FixedSpaces],
            bytecode_cache=_compiled_templates(),
        )
        self._environment.filters.update(formats.FILTERS)
        self._environment.tests["unavailable"] = is_unavailable
        self._environment.globals.update(
            asset=assets.address,
            town_mark=assets.town_mark,
            town_name=town_name,
            office=office,
            offers_france_connect=offers_france_connect,
        )

    def render(self, template: str, context: dict[str, Any]) -> str:
        """The page's HTML. Raises jinja2.TemplateError."""
        return self._environment.get_template(template).render(context)


class CompiledTemplates(jinja2.FileSystemBytecodeCache):
    """What gateways of this user compiled: a restarted one shows its first pages at once."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it where that can be done: no page fails because a disk is full."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled_templates() -> CompiledTemplates | None:
    # The library compares the source of each template. Texts are also changed, and constants
    # formatted, when a template is compiled: by the code of these modules.
    compiled_by = (Path(__file__), Path(formats.__file__))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in compiled_by)).hexdigest()
    try:
        return CompiledTemplates(pattern=f"portail-{digest[:16]}-%s.cache")
    except (RuntimeError, OSError):  # there is no temporary folder that is this user's alone
        return None
