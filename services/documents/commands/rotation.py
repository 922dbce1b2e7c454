"""Bring every key from the previous master key under the present one.

A batch is one transaction, and each row says which master key wrapped it: whatever stops the
change in between, it goes on where it was, and both keys open meanwhile.
"""

from dataclasses import replace

from services.chassis.database import Connection
from services.documents.repository import rotation as held
from services.documents.repository.rotation import Count
from services.documents.storage import MasterKey, family_purpose
from services.documents.vault_keys import outer_purpose


async def rewrap_batch(connection: Connection, master_key: MasterKey, limit: int) -> int:
    """Wrap some keys anew, families' first; returns how many, 0 when all is done."""
    if master_key.previous_id == master_key.master_id:
        return 0
    previous = master_key.previous_id
    families = await held.family_keys(connection, previous, limit)
    if families:
        await held.keep_family_keys(
            connection,
            [
                replace(k, key=master_key.rewrap(k.key, family_purpose(k.family_id)))
                for k in families
            ],
        )
        return len(families)
    openers = await held.vault_openers(connection, previous, limit)
    await held.keep_vault_openers(
        connection,
        [replace(k, key=master_key.rewrap(k.key, outer_purpose(k.family_id))) for k in openers],
    )
    return len(openers)


async def progress(connection: Connection, master_key: MasterKey) -> Count:
    """How many keys each master key has wrapped."""
    return await held.count(connection, master_key.master_id, master_key.previous_id)
