"""Which installation a command works on, where the person names none."""

import os
import sys
from collections.abc import Sequence

from embedded import instance
from embedded.layout import SITES, Layout
from embedded.process import ServiceError

OF_AN_INSTALLATION = ("DATA_ROOT", "SITE_URL")


def choose(named: str | None) -> dict[str, str]:
    """INSTANCE, and the installation's variables that the environment does not set.

    The named one; else the running one; else the only one there is; else the demo's, which is
    reported on stderr.

    Raises:
        ServiceError: no installation has that name, or two run and none is named.
    """
    name = named or _unnamed()
    if name not in SITES:
        message = f"there is no installation {name!r}: choose --instance {' or '.join(SITES)}"
        raise ServiceError(message)
    layout = Layout(name)
    known = {"DATA_ROOT": str(layout.data_root), **instance.saved(layout)}
    given = {key: os.environ[key] for key in OF_AN_INSTALLATION if os.environ.get(key)}
    facts = {key: value for key, value in {**known, **given}.items() if key in OF_AN_INSTALLATION}
    return {"INSTANCE": name, **facts}


def _unnamed() -> str:
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return SITES[0]  # the operator's own servers: there is nothing to choose from
    running = [name for name in SITES if any(instance.status(Layout(name)).values())]
    if len(running) > 1:
        message = (
            f"two installations run, {_list(running)}: say which one you mean with "
            f"--instance {' or --instance '.join(running)}"
        )
        raise ServiceError(message)
    existing = [name for name in SITES if Layout(name).exists]
    chosen = (running or existing or [SITES[0]])[0]
    if len(existing) > 1:
        _say(
            f"Working on the installation “{chosen}”, "
            f"{'which is running' if running else 'because none is running'}"
        )
    return chosen


def _list(names: Sequence[str]) -> str:
    addresses = [(name, instance.saved(Layout(name)).get("SITE_URL")) for name in names]
    return " and ".join(f"{name} ({url})" if url else name for name, url in addresses)


def _say(text: str) -> None:
    print(f"▸ {text}", file=sys.stderr)
