"""What can go wrong with tariffs, invoices and payments."""

from services.chassis.errors import Conflict, DomainError, FieldError, Invalid, NotFound


class UnknownActivity(NotFound):
    """Billing has not heard of this activity (yet)."""

    slug, title = "unknown-activity", "Cette activité n’existe pas"


class UnknownFamily(NotFound):
    """Billing has not heard of this family (yet)."""

    slug, title = "unknown-family", "Cette famille n’existe pas"


class UnknownChild(NotFound):
    """The child is not in this family's file, or the file has not arrived yet."""

    slug, title = "unknown-child", "Cet enfant ne figure pas dans le dossier de la famille"


class UnknownRun(NotFound):
    """No billing run has this id."""

    slug, title = "unknown-billing-run", "Ce traitement de facturation n’existe pas"


class UnknownInvoice(NotFound):
    """No invoice has this id, or it is another family's."""

    slug, title = "unknown-invoice", "Cette facture n’existe pas"


class UnknownPayment(NotFound):
    """No payment has this id, or it is another family's."""

    slug, title = "unknown-payment", "Ce paiement n’existe pas"


class BadTariff(Invalid):
    """The bands do not cover every quotient exactly once."""

    slug, title = "bad-tariff", "Les tranches de quotient ne sont pas valables"


class BadFormula(Invalid):
    """A day's price that cannot hold."""

    slug, title = "bad-formula", "Cette formule n’est pas valable"


class BadAid(Invalid):
    """An aid without a ceiling, or with impossible ones."""

    slug, title = "bad-aid", "Cette aide n’est pas valable"


class UnknownAid(NotFound):
    """No aid has this id, or it has ended."""

    slug, title = "unknown-aid", "Cette aide n’existe pas"


class UnknownFormula(NotFound):
    """No formula has this id, or another one took its place."""

    slug, title = "unknown-formula", "Cette formule n’existe pas"


class BadMonth(Invalid):
    """The month is none, or too far away to be meant."""

    slug, title = "bad-month", "Ce mois ne peut pas être facturé"

    @classmethod
    def because(cls, message: str) -> "BadMonth":
        """The refusal, at its field."""
        return cls(message, errors=[FieldError("month", message)])


class MonthNotOver(Invalid):
    """Its reservations may still change: whoever invoices it says that this is meant."""

    slug, title = "month-not-over", "Ce mois n’est pas terminé"

    @classmethod
    def of(cls, label: str) -> "MonthNotOver":
        """The refusal, at the field that confirms it."""
        message = (
            f"Le mois de {label} n’est pas terminé\u00a0: ses réservations peuvent encore changer. "
            "Confirmez pour émettre ses factures dès maintenant."
        )
        return cls(message, errors=[FieldError("not_over_confirmed", message)])


class BillingUnderWay(Conflict):
    """What a month's run has decided and not written yet must not be priced anew."""

    slug = "billing-under-way"
    title = "Une facturation est en cours\u00a0: réessayez dans quelques instants"


class RegisterKnown(Conflict):
    """A new register needs a code of its own: its invoices are numbered under it."""

    slug, title = "register-known", "Une régie a déjà ce code"

    @classmethod
    def of(cls, code: str) -> "RegisterKnown":
        """The refusal, at its field."""
        message = f"La régie {code} existe déjà."
        return cls(message, errors=[FieldError("code", message)])


class NothingToPay(Conflict):
    """The invoices are paid already."""

    slug, title = "already-paid", "Cette facture est déjà réglée"


class NothingToPrint(Conflict):
    """The month has no invoice for the post."""

    slug, title = "nothing-to-print", "Aucune facture de ce mois n’est à imprimer"


class BadOrganisation(Invalid):
    """Invoices in electronic form name their payer by a number that has a key."""

    slug, title = "bad-organisation", "Cet organisme ne peut pas être désigné"

    @classmethod
    def because(cls, field: str, message: str) -> "BadOrganisation":
        """The refusal, at its field."""
        return cls(message, errors=[FieldError(field, message)])


class YearToCome(Invalid):
    """A statement tells what happened."""

    slug, title = "year-to-come", "Cette année n’a pas encore commencé"


class UnknownPrint(NotFound):
    """No print batch has this id."""

    slug, title = "unknown-print-batch", "Cette impression n’existe pas"


class PrintErased(Conflict):
    """The file is not there yet, or no longer."""

    slug, title = "print-not-there", "Ce fichier n’est pas encore prêt, ou n’est plus conservé"


class AmountRefused(Invalid):
    """The provider takes no such amount."""

    slug, title = "amount-refused", "Ce montant ne peut pas être payé en ligne"


class PaymentUnderWay(Conflict):
    """A second payment of the same debt might pay it twice."""

    slug, title = "payment-under-way", "Un paiement est déjà en cours"


class NoReceipt(Conflict):
    """Nothing was received for this payment."""

    slug, title = "not-paid", "Ce paiement n’a pas abouti\u00a0: il n’y a pas de reçu"


class PaymentServerAway(DomainError):
    """The provider does not answer; nothing was paid."""

    slug, status = "payment-server-unavailable", 503
    title = "Le serveur de paiement ne répond pas"
