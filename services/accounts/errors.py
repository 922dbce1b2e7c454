"""What accounts refuses, in the town's words."""

from services.chassis.errors import Conflict, DomainError, Invalid, NotFound


class ImportRefused(Invalid):
    """The file holds bad lines: nothing of it was taken in."""

    slug, status, title = "import-refused", 422, "Le fichier n’a pas été importé"


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


class WrongPassword(Invalid):
    """The present password, asked for before a change, is not this one."""

    slug, status, title = "wrong-password", 422, "Le mot de passe actuel est incorrect"


class LoginTaken(Conflict):
    """The login belongs to an account of another kind."""

    slug, status, title = "login-taken", 409, "Cet identifiant est déjà utilisé"


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
