"""A child process that must not outlive its parent."""

import os
import threading
import time

_LOOK_EVERY = 0.5  # seconds


def end_with_parent() -> None:
    """End this process soon after its parent has gone, however that was ended."""
    parent = os.getppid()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_EVERY)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()
