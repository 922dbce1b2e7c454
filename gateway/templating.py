"""Jinja2 as the pages use it: escaped, strict, with the French filters."""

from pathlib import Path
from typing import Any

import jinja2

from gateway.assets import Assets
from gateway.formats import FILTERS
from gateway.panels import is_unavailable
from gateway.settings import Office

TEMPLATE_FOLDER = Path(__file__).parent / "templates"


class Templates:
    """Renders templates; an undefined name is an error, not an empty space."""

    def __init__(
        self,
        assets: Assets,
        town_name: str,
        folder: Path = TEMPLATE_FOLDER,
        *,
        office: Office | None = None,
        offers_france_connect: bool = False,
    ) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(FILTERS)
        self._environment.tests["unavailable"] = is_unavailable
        self._environment.globals.update(
            asset=assets.address,
            town_name=town_name,
            office=office or Office(),
            offers_france_connect=offers_france_connect,
        )

    def render(self, template: str, context: dict[str, Any]) -> str:
        """The page's HTML. Raises jinja2.TemplateError."""
        return self._environment.get_template(template).render(context)
