"""The unprivileged account that PostgreSQL runs as when the launcher is root."""

import ctypes
import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path

_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class UnixAccount:
    """Whom to become; `reach` keeps the right to pass closed folders such as /root."""

    uid: int
    gid: int
    reach: bool


def for_postgres(*folders: Path) -> UnixAccount | None:
    """The account PostgreSQL must run as, None when we may run it ourselves (not root)."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    closed = not all(_open_to_all(folder) for folder in folders)
    return UnixAccount(nobody.pw_uid, nobody.pw_gid, reach=closed)


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents)


def become(account: UnixAccount) -> None:
    """Turn this process into the account's for good; called between fork and exec."""
    if account.reach and _LIBC is not None:
        _LIBC.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if account.reach and _LIBC is not None:
        # A clone below /root or in a private temporary folder: without this the
        # account could not even see its own data folder.
        _keep_capability(_LIBC, _CAP_DAC_OVERRIDE)


def _keep_capability(libc: ctypes.CDLL, capability: int) -> None:
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable; then the same for capabilities 32 and up
    libc.capset(header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0))
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
