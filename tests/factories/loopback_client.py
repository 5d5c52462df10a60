"""A browser without a screen that calls from a loopback address of its choice."""

import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

LOGIN = "/accounts/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class LoopbackClient:
    """Keeps cookies, and calls `server` from the address `source`."""

    server: str
    source: str
    claims: str = ""  # what it writes into X-Forwarded-For itself
    cookies: dict[str, str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """The status and text of an answer."""
        call = http.client.HTTPConnection(
            urlsplit(self.server).netloc, timeout=30, source_address=(self.source, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.claims:
            headers["X-Forwarded-For"] = self.claims
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        call.request(method, path, urlencode(form or {}), headers)
        answer = call.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        call.close()
        return answer.status, text

    def sign_in(self, login: str, password: str) -> str:
        """What came of it: `in`, `wrong` or `refused`."""
        _status, page = self.request("GET", LOGIN)
        found = TOKEN.search(page)
        assert found is not None, page
        form = {"csrfmiddlewaretoken": found[1], "login": login, "password": password}
        status, text = self.request("POST", LOGIN, form)
        if status == 302:
            return "in"
        return "refused" if "Too many failed login attempts" in text else "wrong"
