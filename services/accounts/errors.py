"""What accounts refuses, in the town's words."""

from typing import Any
from uuid import UUID

from services.chassis.errors import Conflict, DomainError, Invalid, NotFound


class ImportRefused(Invalid):
    """The file holds bad lines: nothing of it was taken in; `import_id` names its report."""

    slug, status, title = "import-refused", 422, "Le fichier n’a pas été importé"
    import_id: UUID | None = None

    def problem(self) -> dict[str, Any]:
        """The body of the answer, with the report's id."""
        return super().problem() | {"import_id": str(self.import_id) if self.import_id else None}


class CheckedFileGone(DomainError):
    """The file was imported already, was replaced by another one, or is no longer kept."""

    slug, status, title = "checked-file-gone", 410, "Ce fichier n’est plus gardé"

    def __init__(self) -> None:
        super().__init__(
            "Le fichier vérifié a déjà été importé, ou plus d’une heure a passé\u00a0: "
            "choisissez-le de nouveau."
        )


class ImportOutdated(Conflict):
    """Importing would not do what the check has shown; nothing was written."""

    slug, status = "import-outdated", 409
    title = "Des fiches ont changé depuis la vérification"

    def __init__(self) -> None:
        super().__init__(
            "Des fiches ont changé depuis la vérification. Rien n’a été importé\u00a0: "
            "vérifiez de nouveau le fichier."
        )


class InvalidCredentials(DomainError):
    """Login unknown or password wrong: the answer does not say which."""

    slug, status, title = "invalid-credentials", 401, "Identifiant ou mot de passe incorrect"


class TooManyAttempts(DomainError):
    """Too many wrong attempts; the right one has to wait too."""

    slug, status, title = "too-many-attempts", 429, "Trop de tentatives de connexion"


class TooBusy(DomainError):
    """More people sign in at once than passwords can be checked; the line is closed for now."""

    slug, status, title = "too-busy", 503, "Beaucoup de familles se connectent en ce moment"


class TotpRequired(DomainError):
    """The password is right, and the account asks for its second factor."""

    slug, status, title = "totp-required", 401, "Saisissez le code de votre application"


class TotpInvalid(DomainError):
    """The second factor does not fit, or was used already."""

    slug, status, title = "totp-invalid", 401, "Le code de vérification n’est pas valable"


class CodeExpired(DomainError):
    """The temporary password is right but came too late."""

    slug, status, title = "code-expired", 401, "Votre mot de passe provisoire a expiré"


class WeakPassword(Invalid):
    """The new password is easier to guess than the CNIL recommends."""

    slug, status, title = "weak-password", 422, "Choisissez un mot de passe plus solide"


class PasswordsDiffer(Invalid):
    """The new password was typed twice, and not the same."""

    slug, status, title = "passwords-differ", 422, "Les deux saisies du mot de passe diffèrent"


class WrongPassword(Invalid):
    """The present password, asked for before a change, is not this one."""

    slug, status, title = "wrong-password", 422, "Le mot de passe actuel est incorrect"


class LoginTaken(Conflict):
    """The login belongs to an account of another kind."""

    slug, status, title = "login-taken", 409, "Cet identifiant est déjà utilisé"


class ChangeDecided(Conflict):
    """Somebody of the staff was quicker, or the family asked for something else since."""

    slug, status, title = "change-decided", 409, "Cette demande n’est plus en attente"


class RecordMovedOn(Conflict):
    """The record is no longer as it was when the parent asked."""

    slug, status = "record-moved-on", 409
    title = "La fiche a changé depuis cette demande : refusez-la, ou corrigez la fiche vous-même"


class AlreadyShared(Conflict):
    """A child has two homes at most."""

    slug, status, title = "already-shared", 409, "Cet enfant a déjà deux foyers"


class NotShared(Conflict):
    """The child has one home: there is nothing to share or to part."""

    slug, status, title = "not-shared", 409, "Cet enfant n’a qu’un seul foyer"


class SameHome(Conflict):
    """The second home must be another family's."""

    slug, status, title = "same-home", 409, "Choisissez le dossier d’une autre famille"


class ConsentOutdated(Conflict):
    """The text was replaced while the parent read it."""

    slug, status = "consent-outdated", 409
    title = "Ce texte a changé entre-temps : relisez-le avant de répondre"


class QuotientNotFound(Invalid):
    """The funds know nobody of this identity, or no quotient of theirs."""

    slug, status = "quotient-not-found", 422
    title = "Ni la CAF ni la MSA n’ont trouvé de quotient familial pour cette identité"


class QuotientSourceAway(Conflict):
    """API Particulier does not answer, or not in a way that can be used."""

    slug, status = "quotient-source-away", 409
    title = "Le service de l’État qui donne le quotient familial ne répond pas"


class QuotientSourceUnset(Conflict):
    """The town has not set up API Particulier."""

    slug, status = "quotient-source-unset", 409
    title = "La commune ne récupère pas encore les quotients : saisissez le vôtre"


class TooManyRequests(DomainError):
    """Too many account requests came from one address of the network."""

    slug, status, title = "too-many-requests", 429, "Trop de demandes ont été envoyées d’ici"


class LinkNotValid(DomainError):
    """The confirmation link is unknown, has served, or came too late."""

    slug, status, title = "link-not-valid", 410, "Ce lien n’est plus valable"


class RequestDecided(Conflict):
    """Somebody of the staff has answered the request already."""

    slug, status, title = "request-decided", 409, "Cette demande a déjà reçu une réponse"


class BatchNotPlanned(Conflict):
    """The batch has been issued or withdrawn: it cannot be withdrawn any more."""

    slug, status, title = "batch-not-planned", 409, "Ce lot n’est plus en attente"


class AlreadyRolledOver(Conflict):
    """The children have changed class for this school year."""

    slug, status, title = "already-rolled-over", 409, "Le passage de cette année est déjà fait"


class RollOverNotDue(Conflict):
    """The school year is under way, or too far off; who means it types the year again."""

    slug, status, title = "roll-over-not-due", 409, "Ce n’est pas le moment du passage de classe"


class ErasureAlreadyAsked(Conflict):
    """The family's request waits for the staff already."""

    slug, status, title = "erasure-already-asked", 409, "Votre demande d’effacement est en cours"


class ErasureNotAsked(Conflict):
    """There is no open request to decide on or to withdraw."""

    slug, status, title = "erasure-not-asked", 409, "Aucune demande d’effacement n’est en cours"


class WrongReference(Invalid):
    """The number typed to confirm is not the file's."""

    slug, status, title = "wrong-reference", 422, "Le numéro ne correspond pas à ce dossier"


class LinkSpent(DomainError):
    """The link was used, replaced or is too old."""

    slug, status, title = "link-spent", 410, "Ce lien n’est plus valable"


class MailTaken(Conflict):
    """The address is another account's login."""

    slug, status, title = "mail-taken", 409, "Cette adresse sert déjà à un autre compte"


class NoEnrolment(Conflict):
    """There is no second factor waiting for its first code, or it has waited too long."""

    slug, status, title = "no-enrolment", 409, "L’activation a expiré : recommencez-la"


class FactorRequired(Conflict):
    """The staff may replace their second factor, and not do without it."""

    slug, status, title = "factor-required", 409, "Les agents ne peuvent pas s’en passer"


class NotOneself(Conflict):
    """An administrator cannot shut themselves out."""

    slug, status, title = "not-oneself", 409, "Un autre administrateur doit s’en charger"


class IdentityRefused(DomainError):
    """FranceConnect's answer cannot be believed."""

    slug, status, title = "identity-refused", 401, "L’identification a échoué"


class ProviderAway(DomainError):
    """FranceConnect does not answer, or not in a way that can be understood."""

    slug, status, title = "provider-away", 503, "FranceConnect ne répond pas"

    def __init__(self) -> None:
        super().__init__(
            "Réessayez dans quelques minutes, ou utilisez votre mot de passe.", retry_after=60
        )


class ProviderUnknown(NotFound):
    """The town does not offer FranceConnect."""


class PasswordNeeded(DomainError):
    """The account has a second factor, which FranceConnect does not replace."""

    slug, status, title = "password-needed", 403, "Connectez-vous avec votre mot de passe"


class AnotherPerson(Conflict):
    """The account is not this person's, or has another identity already."""

    slug, status, title = "another-person", 409, "Ce compte n’est pas le vôtre"


class PersonListed(Conflict):
    """The record has somebody of this name already."""

    slug, status, title = "person-listed", 409, "Cette personne figure déjà dans le dossier"


class LastGuardian(Conflict):
    """A family has at least one guardian."""

    slug, status, title = "last-guardian", 409, "Un dossier garde au moins un responsable légal"


class RecordFull(Conflict):
    """A household has no more people than this; a slip may otherwise add them without end."""

    slug, status, title = "record-full", 409, "Ce dossier compte déjà trop de personnes"


class FamilyResembles(Conflict):
    """A family like this one has a record already; the office may insist."""

    slug, status, title = "family-resembles", 409, "Une famille semblable a déjà un dossier"
