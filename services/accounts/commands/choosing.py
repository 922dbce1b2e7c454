"""What a new password is held to, told at once: two tries for two slips are one too many."""

from services.accounts.errors import PasswordsDiffer, WeakPassword
from services.chassis.errors import FieldError

DIFFERENT = "Les deux saisies du nouveau mot de passe diffèrent."


def hold_to_rules(new: str, repeated: str | None, weakness: str | None) -> None:
    """Nothing when it is neither weak nor typed otherwise the second time (None: not asked).

    Raises WeakPassword, PasswordsDiffer; either names both fields where both are wrong.
    """
    differs = repeated is not None and repeated != new
    errors = [FieldError("new", weakness)] if weakness else []
    if differs:
        errors.append(FieldError("repeated", DIFFERENT))
    if weakness:
        raise WeakPassword(weakness, errors=errors)
    if differs:
        raise PasswordsDiffer(DIFFERENT, errors=errors)
