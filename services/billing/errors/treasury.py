"""What can go wrong with direct debits, exports, reminders and debts given up."""

from services.chassis.errors import Conflict, FieldError, Invalid, NotFound


class BadIban(Invalid):
    """The account number is none, or not one that can be debited."""

    slug, title = "bad-iban", "Ce numéro de compte n’est pas valable"

    @classmethod
    def because(cls, message: str) -> "BadIban":
        """The refusal, at its field."""
        return cls(errors=[FieldError("iban", message)])


class BadMandateEnd(Invalid):
    """A mandate ends on a day to come, or at once."""

    slug, title = "bad-mandate-end", "Cette date de fin n’est pas possible"

    @classmethod
    def because(cls, message: str) -> "BadMandateEnd":
        """The refusal, at its field."""
        return cls(errors=[FieldError("ends_on", message)])


class UnknownMandate(NotFound):
    """No mandate has this id, or it is another family's, or it has ended."""

    slug, title = "unknown-mandate", "Ce mandat n’existe pas, ou il a pris fin"


class BadCollectionDate(Invalid):
    """Too early to tell the families, or no day on which banks settle."""

    slug, title = "bad-collection-date", "Cette date de prélèvement n’est pas possible"

    @classmethod
    def because(cls, message: str) -> "BadCollectionDate":
        """The refusal, at its field."""
        return cls(errors=[FieldError("collected_on", message)])


class NothingToDebit(Conflict):
    """No invoice that was chosen can be collected."""

    slug, title = "nothing-to-debit", "Aucune de ces factures ne peut être prélevée"


class DebitUnderWay(Conflict):
    """The invoice is with the bank already: paying it otherwise would pay it twice."""

    slug, title = "debit-under-way", "Cette facture va être prélevée"


class UnknownBatch(NotFound):
    """No batch of debits has this id."""

    slug, title = "unknown-debit-batch", "Cette remise de prélèvements n’existe pas"


class BadReturnsFile(Invalid):
    """The bank's file cannot be read, was applied already, or names what we did not send."""

    slug, title = "bad-returns-file", "Ce fichier de rejets n’est pas accepté"

    @classmethod
    def because(cls, *messages: str) -> "BadReturnsFile":
        """The refusal, at its field, with each reason."""
        return cls(errors=[FieldError("fichier", text) for text in messages])


class UnknownReturnsFile(NotFound):
    """No file of returns has this id."""

    slug, title = "unknown-returns-file", "Ce fichier de rejets n’existe pas"


class AlreadyApplied(Conflict):
    """The returns of this file are booked already."""

    slug, title = "returns-already-applied", "Ce fichier de rejets a déjà été pris en compte"


class NothingToWriteOff(Conflict):
    """The invoice is paid, or it asks for less than that."""

    slug, title = "nothing-to-write-off", "Il n’y a rien à abandonner sur cette facture"


class UnknownWriteOff(NotFound):
    """No debt given up has this id, or it was taken back already."""

    slug, title = "unknown-write-off", "Cet abandon de créance n’existe pas, ou il est annulé"


class NothingToSend(Conflict):
    """No unpaid invoice can be handed to the accountant."""

    slug, title = "nothing-to-send", "Aucune facture impayée à transmettre"


class BadBordereau(Invalid):
    """The file would break its form: the town's codes are wrong, mostly."""

    slug, title = "bad-bordereau", "Le fichier ne serait pas accepté par le comptable"


class UnknownBordereau(NotFound):
    """No bordereau has this id."""

    slug, title = "unknown-bordereau", "Ce bordereau n’existe pas"


class Transmitted(Conflict):
    """The accountant collects the invoice: the till takes money for it only once confirmed."""

    slug, title = "transmitted", "Cette facture a été transmise au comptable public"
