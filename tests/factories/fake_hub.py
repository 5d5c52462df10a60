"""A dataset hub on this machine that speaks just enough of the Hugging Face protocol."""

import base64
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override


@dataclass
class FakeHub:
    """What arrived: repositories made, files by path, the tokens that requests carried.

    `large` names a file that is to be uploaded to another host.
    """

    large: str = ""
    refuses: bool = False
    created: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    address: str = ""

    def __enter__(self) -> "FakeHub":
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hub.tokens.add(self.headers.get("Authorization", ""))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer = hub.answer(self.path, body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            @override
            def log_message(self, *args: object) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """The status and JSON that the hub gives."""
        if self.refuses:
            return 401, {"error": "Invalid credentials"}
        answers = {
            "/repos/create": self._create,
            "/validate-yaml": lambda _: {"errors": [], "warnings": []},
            "/preupload/main": lambda text: {
                "files": [self._mode(one) for one in json.loads(text)["files"]]
            },
            "/lfs/objects/batch": lambda text: {
                "objects": [self._elsewhere(one) for one in json.loads(text)["objects"]]
            },
            "/commit/main": self._commit,
        }
        found = next((act for end, act in answers.items() if path.endswith(end)), None)
        return (404, {"error": path}) if found is None else (200, found(body))

    def _create(self, body: bytes) -> dict[str, Any]:
        self.created.append(json.loads(body))
        return {"url": f"{self.address}/datasets/team/set"}

    def _mode(self, file: dict[str, Any]) -> dict[str, Any]:
        mode = "lfs" if self.large and file["path"] == self.large else "regular"
        return {"path": file["path"], "uploadMode": mode, "shouldIgnore": False}

    def _elsewhere(self, file: dict[str, Any]) -> dict[str, Any]:
        upload = {"href": "http://storage.invalid/put", "header": {}}
        return {"oid": file["oid"], "size": file["size"], "actions": {"upload": upload}}

    def _commit(self, body: bytes) -> dict[str, Any]:
        for line in body.splitlines():
            entry = json.loads(line)
            if entry["key"] == "file":
                content = base64.b64decode(entry["value"]["content"])
                self.files[entry["value"]["path"]] = content
        address = f"{self.address}/datasets/team/set/commit/abc"
        return {"commitUrl": address, "commitOid": "abc", "success": True}
