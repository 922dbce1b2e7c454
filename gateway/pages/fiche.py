"""Forms of the family record, read the same way for a parent and for the staff."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from gateway.forms import Form
from gateway.labels import DIETS, VACCINES
from gateway.page import Page
from gateway.panels import is_unavailable, panels
from gateway.readers import Family, FamilyChild, Guardian, School
from gateway.readers.record import Contact, Lack

CONTACT_ROWS: Final = 2
MOST_CONTACTS: Final = 10

# form field -> the name under which accounts refuses it
CHILD_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "naissance": "birth_date",
    "ecole": "school_code",
    "classe": "school_class",
    "regime": "diet",
    "allergies": "allergies",
    "pai_consignes": "pai.instructions",
    "pai_fin": "pai.valid_until",
    "medecin": "doctor.name",
    "medecin_telephone": "doctor.phone",
}
GUARDIAN_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "lien": "link",
    "telephone": "phone",
    "mail": "mail",
    "adresse": "address.lines",
    "code_postal": "address.postcode",
    "commune": "address.city",
}
IDENTITY_FIELDS: Final = {
    "accord": "agreed",
    "nom_naissance": "birth_name",
    "nom_usage": "used_name",
    "prenoms": "first_names",
    "naissance": "birth_date",
    "sexe": "sex",
    "pays": "birth_country",
    "commune_naissance": "birth_commune",
}
QUOTIENT_FIELDS: Final = {"quotient": "quotient", "valable": "valid_until"}

PENDING_FLASH: Final = (
    "Votre demande est enregistrée. Ce qui doit être vérifié est en attente de validation."
)


def child_changes(form: Form) -> dict[str, Any]:
    """The whole child as the form has it. Raises FieldRefused."""
    pai = {
        "instructions": form.text("pai_consignes"),
        "valid_until": _day(form, "pai_fin"),
    }
    doctor = {"name": form.text("medecin"), "phone": form.text("medecin_telephone") or None}
    return {
        "first_name": form.text("prenom"),
        "last_name": form.text("nom"),
        "birth_date": form.date("naissance").isoformat(),
        "school_code": form.text("ecole") or None,
        "school_class": form.text("classe") or None,
        "diet": form.text("regime"),
        "allergies": form.text("allergies") or None,
        "pai": pai if form.checked("pai") else None,
        "vaccinations": [
            {"vaccine": vaccine, "given_on": given_on}
            for vaccine in VACCINES
            if (given_on := _day(form, f"vaccin_{vaccine}"))
        ],
        "doctor": doctor if doctor["name"] or doctor["phone"] else None,
        "contacts": contacts_of(form),
    }


def contacts_of(form: Form) -> list[dict[str, Any]]:
    """The contacts that are filled in, wherever they stand; the errors then name their rows."""
    return [
        {
            "name": form.text(f"contact{row}_nom"),
            "phone": form.text(f"contact{row}_telephone"),
            "link": form.text(f"contact{row}_lien"),
            "emergency": form.checked(f"contact{row}_urgence"),
            "may_pick_up": form.checked(f"contact{row}_retrait"),
        }
        for row in filled_rows(form)
    ]


def filled_rows(form: Form) -> list[int]:
    """The rows of contacts in which something is typed."""
    return [
        row
        for row in range(1, MOST_CONTACTS + 1)
        if form.text(f"contact{row}_nom") or form.text(f"contact{row}_telephone")
    ]


def child_fields(form: Form) -> dict[str, str]:
    """CHILD_FIELDS, with the contacts and vaccinations as they stand in this form."""
    fields = dict(CHILD_FIELDS)
    for index, row in enumerate(filled_rows(form)):
        fields[f"contact{row}_nom"] = f"contacts.{index}.name"
        fields[f"contact{row}_telephone"] = f"contacts.{index}.phone"
        fields[f"contact{row}_usages"] = f"contacts.{index}"
    dated = (f"vaccin_{vaccine}" for vaccine in VACCINES if form.text(f"vaccin_{vaccine}"))
    fields |= {field: f"vaccinations.{n}.given_on" for n, field in enumerate(dated)}
    return fields


def guardian_changes(form: Form) -> dict[str, Any]:
    """A guardian as the staff's form has it."""
    return {**own_changes(form), "mail": form.text("mail")}


def own_changes(form: Form) -> dict[str, Any]:
    """A guardian as the parents' form has it: no mail; an own address only when ticked."""
    lines = [form.text("adresse"), form.text("complement")]
    own = {
        "lines": [line for line in lines if line],
        "postcode": form.text("code_postal"),
        "city": form.text("commune"),
    }
    return {
        "first_name": form.text("prenom"),
        "last_name": form.text("nom"),
        "link": form.text("lien") or None,
        "phone": form.text("telephone"),
        "address": own if form.checked("autre_adresse") else None,
    }


def identity_of(form: Form) -> dict[str, Any]:
    """Who is asked about at the funds. Raises FieldRefused."""
    return {
        "agreed": form.checked("accord"),
        "birth_name": form.text("nom_naissance"),
        "used_name": form.text("nom_usage") or None,
        "first_names": form.text("prenoms").replace(",", " ").split(),
        "birth_date": form.date("naissance").isoformat(),
        "sex": form.text("sexe"),
        "birth_country": form.text("pays") or "99100",
        "birth_commune": form.text("commune_naissance").upper() or None,
    }


def quotient_of(form: Form) -> dict[str, Any]:
    """The quotient as typed. Raises FieldRefused."""
    return {
        "quotient": form.integer("quotient", optional=True),
        "valid_until": _day(form, "valable"),
    }


def child_in(family: Family, child_id: object) -> FamilyChild | None:
    """The family's child with this id."""
    return next((c for c in family.children if c.child_id == child_id), None)


def guardian_in(family: Family, guardian_id: object) -> Guardian | None:
    """The family's guardian with this id."""
    return next((g for g in family.guardians if g.guardian_id == guardian_id), None)


def contact_rows(child: FamilyChild) -> list[Contact | None]:
    """The contacts, and room for more."""
    known: list[Contact | None] = list(child.contacts)
    spare = min(max(CONTACT_ROWS - len(known), 1), MOST_CONTACTS - len(known))
    return known + [None] * spare


def diet_choices() -> list[tuple[str, str]]:
    """What a child may eat, for a list."""
    return [(code, words[:1].upper() + words[1:]) for code, words in DIETS.items()]


async def school_choices(page: Page) -> list[tuple[str, str]]:
    """The town's schools for a list; nothing while enrolment is away."""
    shown = await panels(schools=page.clients.enrolment.schools())
    schools: Sequence[School] = () if is_unavailable(shown.schools) else shown.schools
    return [(school.code, school.name) for school in schools]


def where_to_fill(lack: Lack) -> str:
    """The parents' page on which what is missing can be given."""
    if lack.code == "quotient":
        return "/famille/quotient"
    if lack.code == "child_consents":
        return f"/famille/enfants/{lack.person_id}#autorisations"
    if lack.person_id is None:
        return "/famille#champ-adresse"
    kind = "responsables" if lack.code.startswith("guardian") else "enfants"
    return f"/famille/{kind}/{lack.person_id}"


def saved(page: Page, family: Family) -> web.Response:
    """Back to the parent's record, told whether something waits."""
    if family.pending:
        return page.redirect("/famille", flash=PENDING_FLASH, tone="info")
    return page.redirect("/famille", flash="Votre fiche est à jour.")


def _day(form: Form, name: str) -> str | None:
    found = form.date(name, optional=True)
    return found.isoformat() if found else None
