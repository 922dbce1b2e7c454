"""What pydantic finds wrong with a request, said in French beside the field."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from services.chassis.errors import FieldError, Invalid

MESSAGES: Mapping[str, str] = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n’est pas attendu ici.",
    "json_invalid": "Le corps de la demande n’est pas du JSON valable.",
    "json_type": "Le corps de la demande doit être du JSON.",
    "model_type": "Un objet est attendu.",
    "model_attributes_type": "Un objet est attendu.",
    "string_type": "Un texte est attendu.",
    "string_too_short": "Saisissez au moins {min_length} caractère(s).",
    "string_too_long": "Ne dépassez pas {max_length} caractères.",
    "string_pattern_mismatch": "Ce texte n’a pas la forme attendue.",
    "int_type": "Un nombre entier est attendu.",
    "int_parsing": "Un nombre entier est attendu.",
    "int_from_float": "Un nombre entier est attendu.",
    "bool_type": "Répondez par vrai ou faux.",
    "bool_parsing": "Répondez par vrai ou faux.",
    "uuid_type": "Un identifiant (UUID) est attendu.",
    "uuid_parsing": "Un identifiant (UUID) est attendu.",
    "date_type": "Une date est attendue, sous la forme AAAA-MM-JJ.",
    "date_parsing": "Une date est attendue, sous la forme AAAA-MM-JJ.",
    "date_from_datetime_parsing": "Une date est attendue, sous la forme AAAA-MM-JJ.",
    "date_from_datetime_inexact": "Une date est attendue, sous la forme AAAA-MM-JJ.",
    "greater_than_equal": "La valeur doit être au moins {ge}.",
    "greater_than": "La valeur doit être supérieure à {gt}.",
    "less_than_equal": "La valeur doit être au plus {le}.",
    "less_than": "La valeur doit être inférieure à {lt}.",
    "too_short": "Donnez au moins {min_length} élément(s).",
    "too_long": "Ne donnez pas plus de {max_length} éléments.",
    "list_type": "Une liste est attendue.",
    "tuple_type": "Une liste est attendue.",
    "literal_error": "Choisissez parmi : {expected}.",
    "enum": "Choisissez parmi : {expected}.",
}
FALLBACK = "Cette valeur n’est pas valable."


def invalid(error: ValidationError) -> Invalid:
    """The refusal that names each wrong field and what would be right."""
    return Invalid(
        "Corrigez les champs signalés.",
        errors=[_field_error(e) for e in error.errors(include_url=False, include_input=False)],
    )


def _field_error(found: Mapping[str, Any]) -> FieldError:
    field = ".".join(str(part) for part in found["loc"]) or "body"
    if found["type"] == "value_error":
        # Raised by a validator of ours, in French already.
        return FieldError(field, str(found["ctx"]["error"]))
    template = MESSAGES.get(found["type"], FALLBACK)
    return FieldError(field, template.format_map(found.get("ctx", {})))
