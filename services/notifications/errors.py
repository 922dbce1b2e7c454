"""What can go wrong with messages and letters."""

from services.chassis.errors import Conflict, DomainError, NotFound


class MessageNotFound(NotFound):
    """There is no such message, or it is another family's."""

    slug, status, title = "message-not-found", 404, "Ce message n’existe pas"


class MessageUnreadable(Conflict):
    """What the message spoke of is not kept in a way that can be put into words any more."""

    slug, status = "message-unreadable", 409
    title = "Le texte de ce message ne peut plus être affiché"


class LetterNotFound(NotFound):
    """There is no such letter."""

    slug, status, title = "letter-not-found", 404, "Ce courrier n’existe pas"


class LetterGone(Conflict):
    """The letter was printed meanwhile, or is of no use any more."""

    slug, status, title = "letter-gone", 409, "Cette lettre n’est plus dans le bac"


class PrintBatchNotFound(NotFound):
    """There is no such print batch."""

    slug, status, title = "print-batch-not-found", 404, "Ce lot d’impression n’existe pas"


class PrintBatchErased(DomainError):
    """The letters were erased after their time, since they may hold access codes."""

    slug, status, title = "print-batch-erased", 410, "Ce lot d’impression a été effacé"


class NothingToPrint(Conflict):
    """The print tray is empty."""

    slug, status, title = "nothing-to-print", 409, "Aucun courrier n’attend d’être imprimé"


class MessageGone(Conflict):
    """The message has left already, or can no longer be of use."""

    slug, status, title = "message-gone", 409, "Ce message ne peut plus partir par courrier"


class UnknownActivity(NotFound):
    """There is no such activity, or we have not heard of it yet."""

    slug, status, title = "unknown-activity", 404, "Cette activité n’existe pas"


class NobodyToWriteTo(Conflict):
    """No family is concerned: nothing is sent."""

    slug, status, title = "nobody-to-write-to", 409, "Aucune famille n’est concernée"


class SealBroken(ValueError):
    """A sealed password is not for us, or was damaged."""


class ServerAway(Exception):
    """The mail server cannot be used just now, whatever the message."""


class MailRefused(Exception):
    """The mail server refused one message; `code` and `reason` are its answer."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason
