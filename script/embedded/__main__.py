"""The command behind script/services: `python -m embedded start|release|stop|status|env|choose`."""

import argparse
import shlex
import sys

from embedded import instance
from embedded.choosing import choose
from embedded.layout import SITES, Layout
from embedded.process import ServiceError

INSTANCES = (*SITES, "test", "bench")


def main() -> int:
    """Runs one command; 0 when done, 1 with a message when it failed, 3 if not running."""
    options = _parse()
    try:
        if options.command == "choose":
            _print_exports(choose(options.instance))
            return 0
        return _perform(options, Layout(options.instance or "site"))
    except (ServiceError, PermissionError) as error:
        print(f"services: {error}", file=sys.stderr)
        return 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/services", description="The private PostgreSQL and Redis under var/."
    )
    commands = ["start", "release", "stop", "status", "env", "choose"]
    parser.add_argument("command", choices=commands)
    parser.add_argument("--instance", help=f"one of {', '.join(INSTANCES)} (default: site)")
    parser.add_argument("--holder", type=int, help="pid of the process that needs them")
    options = parser.parse_args()
    if options.command != "choose" and options.instance not in {None, *INSTANCES}:
        parser.error(f"--instance {options.instance}: choose one of {', '.join(INSTANCES)}")
    return options


def _perform(options: argparse.Namespace, layout: Layout) -> int:
    match options.command:
        case "start":
            _print_exports(instance.start(layout, holder=options.holder))
        case "release":
            instance.release(layout, holder=options.holder or 0)
        case "stop":
            print("stopped:", " ".join(instance.stop(layout)) or "nothing was running")
        case "env":
            _print_exports(instance.addresses(layout, holder=options.holder))
        case _:
            pids = instance.status(layout)
            for name, pid in pids.items():
                print(f"{name}: {f'running, pid {pid}' if pid else 'not running'}")
            return 0 if all(pids.values()) else 3
    return 0


def _print_exports(found: dict[str, str]) -> None:
    """Prints shell lines for `eval`."""
    for name, value in found.items():
        print(f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    sys.exit(main())
