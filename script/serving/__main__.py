"""The part of script/demo after migrating: serve, build the demo, print where, stop in order."""

import argparse
import os
import signal
import sys
import time
from functools import partial
from types import FrameType

from embedded import instance
from embedded.layout import SITES, Layout
from embedded.reviving import revive

from serving.port import choose_port
from serving.site import LOG, Site, SiteError, end_leftovers, running_url


def main() -> int:
    """Serves until Ctrl-C or SIGTERM; 1 with a message when the site fails."""
    options = _parse()
    # SIGINT too: a shell that starts us in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return _serve(options)
    except KeyboardInterrupt:
        return 0
    except (SiteError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # ignores an impatient second Ctrl-C
        instance.release(Layout(options.instance), holder=os.getpid())


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/demo")
    parser.add_argument(
        "--instance", choices=SITES, required=True, help="whose services to release"
    )
    parser.add_argument("--empty", action="store_true", help="an empty installation")
    parser.add_argument("--port", type=int, help="the loopback port (default: from 8000 on)")
    return parser.parse_args()


def _serve(options: argparse.Namespace) -> int:
    served = running_url()
    if served:
        print(f"It is already running at {served}")
        return 0
    began = time.monotonic()
    end_leftovers()
    layout = Layout(options.instance)
    site = Site(choose_port(options.port), revive=partial(revive, layout, holder=os.getpid()))
    try:
        _say("Starting web, workers and beat")
        site.start()
        instance.note_address(layout, site.links)
        site.run_command("demo", *(["--empty"] if options.empty else []))
        print(f"\nEditJury is at {site.url}  (ready after {time.monotonic() - began:.0f} s)")
        print(f"Ctrl-C stops everything. Log: {LOG}", flush=True)
        site.wait()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _say("Stopping")
        site.stop()
        instance.note_address(layout, None)
    return 0


def _say(text: str) -> None:
    print(f"▸ {text}", file=sys.stderr, flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
