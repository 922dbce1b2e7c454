"""A household as a form has it: adults, children, address."""

from typing import Any, Final

from gateway.forms import Form
from gateway.pages.famille import address_of

MOST_CHILDREN: Final = 5
ADDRESS_FIELDS: Final = {
    "adresse": "address.lines",
    "code_postal": "address.postcode",
    "commune": "address.city",
}
ADULT_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "mail": "mail",
    "telephone": "phone",
}
CHILD_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "naissance": "birth_date",
    "classe": "school_class",
}


def household_of(form: Form, fields: dict[str, str], *, least_children: int = 1) -> dict[str, Any]:
    """The request as accounts takes it; `fields` learns under which name each is refused."""
    adults = _people(form, fields, "adulte", 2, ADULT_FIELDS, "adults", least=1)
    children = _people(
        form, fields, "enfant", MOST_CHILDREN, CHILD_FIELDS, "children", least=least_children
    )
    return {"adults": adults, "children": children, "address": address_of(form)}


def _people(
    form: Form,
    fields: dict[str, str],
    kind: str,
    most: int,
    names: dict[str, str],
    theirs: str,
    *,
    least: int,
) -> list[dict[str, Any]]:
    """The people of one kind whose block is filled in; the `least` first ones always are."""
    found: list[dict[str, Any]] = []
    for number in range(1, most + 1):
        prefix = f"{kind}{number}_"
        if number > least and not any(form.text(prefix + name) for name in names):
            continue
        fields |= {prefix + our: f"{theirs}.{len(found)}.{name}" for our, name in names.items()}
        person: dict[str, Any] = {n: form.text(prefix + our) for our, n in names.items()}
        if "birth_date" in person:
            person["birth_date"] = form.date(f"{prefix}naissance").isoformat()
        found.append({name: value for name, value in person.items() if value})
    return found
