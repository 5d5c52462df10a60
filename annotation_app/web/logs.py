"""What the log says of requests that were refused."""

import logging

from typing_extensions import override

# A deliberate refusal, and a server that is down: the reason is enough, whatever code raised it.
EXPECTED = {403, 503}


class OneLine(logging.Filter):
    """Writes the reason of an expected answer into its line, in the place of a traceback."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and getattr(record, "status_code", None) in EXPECTED:
            reason = " ".join(str(error).split())
            record.msg, record.args = f"{record.getMessage()}: {type(error).__name__}: {reason}", ()
            record.exc_info = record.exc_text = None
        return True
