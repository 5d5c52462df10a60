"""People at work over HTTP who try again until they are answered, as the workbench does."""

import http.client
import json
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1"
PATIENCE = 20.0  # seconds for one answer, as in the workbench
PAUSE = 0.4  # seconds between two tries, or two items
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FOUND, SERVER_ERROR = 302, 500


class NotAnsweredError(Exception):
    """No answer, or one that says to try again."""


@dataclass
class Person:
    """A signed-in browser, as far as the server can tell."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, name: str, password: str) -> None:
        """Sign in through the form, as often as it takes."""
        while "sessionid" not in self.cookies:
            try:
                _, page = self.ask("GET", "/accounts/login/")
                found = TOKEN.search(page)
                token = found[1] if found else ""
                form = {"login": name, "password": password, "csrfmiddlewaretoken": token}
                self.ask("POST", "/accounts/login/", form=form)
            except NotAnsweredError:
                time.sleep(PAUSE)

    def ask(
        self,
        method: str,
        path: str,
        *,
        form: dict[str, str] | None = None,
        body: Any = None,  # noqa: ANN401 - JSON
    ) -> tuple[int, str]:
        """One request; its status and text.

        Raises:
            NotAnsweredError: on no answer, or a status of 500 or more.
        """
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Content-Type": "application/json"
            if form is None
            else "application/x-www-form-urlencoded",
        }
        text = urlencode(form) if form is not None else None if body is None else json.dumps(body)
        try:
            connection.request(method, path, text, headers)
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise NotAnsweredError(str(error)) from error
        finally:
            connection.close()
        if answer.status >= SERVER_ERROR:
            raise NotAnsweredError(f"{answer.status} {said[:200]}")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, said


@dataclass
class Rater:
    """A person who leases and submits until asked to stop.

    Attributes:
        acknowledged: client UUIDs that the server confirmed, once each.
        tried: all that were sent at least once.
        refused: answers that no second try changes, in words.
        unanswered: requests that got no answer, or a status of 500 or more.
        longest: seconds between two acknowledgements, at most.
    """

    person: Person
    slug: str
    stopped: threading.Event
    acknowledged: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    longest: float = 0.0

    def work(self) -> None:
        """Rate item after item."""
        last = time.monotonic()
        while not self.stopped.is_set():
            work = self._until_answered(f"/api/v1/work/campaigns/{self.slug}/next", {})
            if work is not None:
                body = _judgement(work)
                self.tried.add(body["client_uuid"])
                if self._until_answered(f"/api/v1/work/leases/{work['token']}/submit", body):
                    self.acknowledged.add(body["client_uuid"])
                    self.longest = max(self.longest, time.monotonic() - last)
                    last = time.monotonic()
            self.stopped.wait(PAUSE)

    def _until_answered(self, path: str, body: Any) -> dict[str, Any] | None:  # noqa: ANN401 - JSON
        """The answer's JSON; None if it was refused, or the time was over before it came."""
        while not self.stopped.is_set():
            try:
                status, said = self.person.ask("POST", path, body=body)
            except NotAnsweredError as error:
                self.unanswered.append(str(error))
                self.stopped.wait(PAUSE)
                continue
            if status in {200, 201}:
                found: dict[str, Any] = json.loads(said)
                return found
            self.refused.append(f"{status} {said[:200]}")
            return None
        return None


def _judgement(work: dict[str, Any]) -> dict[str, Any]:
    scores = [
        {"position": position, "dimension": dimension["key"], "level": 1 + position % 4}
        for position in range(1, len(work["candidates"]) + 1)
        for dimension in work["rubric"]
    ]
    return {"client_uuid": str(uuid.uuid4()), "scores": scores, "seconds": 30, "aids": {}}
