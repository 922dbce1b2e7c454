"""What can go wrong with direct debits, exports, reminders and debts given up."""

from services.chassis.errors import FieldError, Invalid, NotFound


class BadIban(Invalid):
    """The account number is none, or not one that can be debited."""

    slug, title = "bad-iban", "Ce numéro de compte n’est pas valable"

    @classmethod
    def because(cls, message: str) -> "BadIban":
        """The refusal, at its field."""
        return cls(message, errors=[FieldError("iban", message)])


class UnknownMandate(NotFound):
    """No mandate has this id, or it is another family's, or it has ended."""

    slug, title = "unknown-mandate", "Ce mandat n’existe pas, ou il a pris fin"


class UnknownPayer(NotFound):
    """The family's file has not arrived yet."""

    slug, title = "unknown-payer", "Le dossier de la famille n’est pas encore connu"
