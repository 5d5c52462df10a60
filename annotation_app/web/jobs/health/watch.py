"""The web processes' watch on the regular work: checked now and then, besides the requests."""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from annotation_app.services.jobs.upkeep_watch import tell_of_stopped_upkeep

logger = logging.getLogger(__name__)
# After a start the regular work gets time for its first rounds, however long the site was down.
FIRST_AFTER = 180.0


class WatchUpkeepMiddleware:
    """Checks the regular work once in UPKEEP_WATCH_SECONDS, on a separate thread.

    Requests such as a container's health checks keep the watch going while no one uses the site.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._next = time.monotonic() + FIRST_AFTER
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.UPKEEP_WATCH_SECONDS and self._is_due():
            threading.Thread(target=look, name="upkeep-watch", daemon=True).start()
        return self._get_response(request)

    def _is_due(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return False
            self._next = now + settings.UPKEEP_WATCH_SECONDS
            return True


def look() -> None:
    """Notify the operators if something is overdue; no request waits for this."""
    try:
        tell_of_stopped_upkeep(now=timezone.now())
    except DatabaseError:
        logger.warning("could not look after the regular work: the database does not answer")
    except OSError:
        logger.exception("could not mail that regular work has stopped")
    finally:
        connection.close()  # the thread's own
