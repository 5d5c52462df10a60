"""Clients that ask for the next task and submit it, over HTTP with kept connections.

`python -m benchmarks.ratings.load PORT SLUG SECONDS < sessions` (one cookie a line); prints the
cycles per second and the latencies of both requests in milliseconds.
"""

import http.client
import json
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field

CSRF = "benchmarkbenchmarkbenchmarkbench"


@dataclass
class Client:
    """One annotator's browser, as far as the server can tell."""

    port: int
    slug: str
    session: str
    next_ms: list[float] = field(default_factory=list)
    submit_ms: list[float] = field(default_factory=list)

    def work(self, ends: float) -> None:
        """Rate until the time is over."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.perf_counter() < ends:
            began = time.perf_counter()
            work = self._post(connection, f"/api/v1/work/campaigns/{self.slug}/next", {})
            asked = time.perf_counter()
            self._post(connection, f"/api/v1/work/leases/{work['token']}/submit", _body(work))
            self.next_ms.append(1000 * (asked - began))
            self.submit_ms.append(1000 * (time.perf_counter() - asked))

    def _post(self, connection: http.client.HTTPConnection, path: str, body: object) -> dict:  # type: ignore[type-arg]  # JSON
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        if answer.status not in {200, 201}:
            raise RuntimeError(f"{answer.status} {said}")
        return said  # type: ignore[no-any-return]


def main() -> None:
    """Run all clients at once and print what they saw."""
    port, slug, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    clients = [Client(port, slug, line.strip()) for line in sys.stdin if line.strip()]
    began = time.perf_counter()
    threads = [threading.Thread(target=one.work, args=(began + seconds,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    nexts = [value for one in clients for value in one.next_ms]
    submits = [value for one in clients for value in one.submit_ms]
    figures = {
        "clients": len(clients),
        "cycles": len(submits),
        "cycles_per_second": round(len(submits) / took, 1),
        "next_p50_ms": _quantile(nexts, 0.5),
        "next_p95_ms": _quantile(nexts, 0.95),
        "submit_p50_ms": _quantile(submits, 0.5),
        "submit_p95_ms": _quantile(submits, 0.95),
    }
    print(json.dumps(figures))


def _body(work: dict) -> dict:  # type: ignore[type-arg]  # JSON
    scores = [
        {"position": position, "dimension": dimension["key"], "level": 1 + position % 4}
        for position in range(1, len(work["candidates"]) + 1)
        for dimension in work["rubric"]
    ]
    return {"client_uuid": str(uuid.uuid4()), "scores": scores, "seconds": 30, "aids": {}}


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


if __name__ == "__main__":
    main()
