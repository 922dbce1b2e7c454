"""`portail keys rotate`: every key from the previous master key to the present one."""

from rich.console import Console

from deploy import town
from deploy.errors import LaunchError
from deploy.keys import forget_previous_master_key
from deploy.operations import Operations
from deploy.showing import progress_bars
from deploy.state import SECRETS


async def rotate(console: Console) -> str:
    """Rewrap batch by batch; return what to tell. Raises LaunchError for keys nobody can open."""
    async with town.running_operations() as operations:
        begun = await operations.rotation()
        if begun["unknown"]:
            raise LaunchError(
                f"{begun['unknown']} keys are wrapped by a master key that documents does not "
                "have; start it with that one as PORTAIL_PREVIOUS_MASTER_KEY"
            )
        done = await _rewrap_all(operations, begun["previous"], console)
    forget_previous_master_key(SECRETS)
    return f"{done} keys wrapped anew; the previous master key is no longer needed."


async def _rewrap_all(operations: Operations, left: int, console: Console) -> int:
    done = 0
    with progress_bars(console) as progress:
        bar = progress.add_task("Wrapping keys anew", total=left)
        while left:
            step = await operations.rotate_some()
            done, left = done + step["rewrapped"], step["previous"]
            progress.update(bar, completed=done, total=done + left)
    return done
