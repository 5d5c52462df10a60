"""A container's own check that its web process answers, as the reverse proxy would ask it."""

import http.client
import os
import sys


def main() -> int:
    """0 when the sign-in page is served."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    # Production redirects what did not come over TLS; the proxy says that this did.
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=10)
    try:
        connection.request("GET", "/accounts/login/", headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    print(status)
    return 0 if status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    sys.exit(main())
