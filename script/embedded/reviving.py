"""Starts private services again that a supervisor found down; holders and addresses stay."""

import os

from embedded import postgres, redis_server
from embedded.instance import holding
from embedded.layout import Layout


def revive(layout: Layout, *, holder: int) -> list[str]:
    """Start what is down of the servers that `holder` works with; the names of those.

    Servers that the operator named are left alone: their address is not ours.

    Raises:
        ServiceError: a server does not come up.
    """
    wanted = [name for name, is_down in _down(layout).items() if is_down]
    if not wanted:
        return []
    with holding(layout, holder=holder) as held:
        # Looked at again under the lock: another command may have started, or stopped, both.
        wanted = [name for name, is_down in _down(layout).items() if is_down] if held else []
        if "redis" in wanted:
            redis_server.start(layout, same_address=True)
        if "postgres" in wanted:
            postgres.start(layout, database=postgres.DATABASE)
    return wanted


def _down(layout: Layout) -> dict[str, bool]:
    address = redis_server.saved_address(layout)
    ours = {
        "redis": address is not None and os.environ.get("REDIS_URL") == address.url(),
        "postgres": os.environ.get("DATABASE_URL")
        == postgres.database_url(layout, postgres.DATABASE),
    }
    runs = {"redis": redis_server.running_process, "postgres": postgres.running_process}
    return {name: ours[name] and runs[name](layout) is None for name in ours}
