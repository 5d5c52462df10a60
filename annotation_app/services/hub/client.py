"""The hub's own client, restricted: it may connect only to the hosts that the operator listed.

Tokens pass through as arguments: they are neither stored nor logged here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from urllib.parse import urlsplit

from huggingface_hub import HfApi, constants, set_client_factory
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._http import default_client_factory
from typing_extensions import override

from annotation_app.exceptions import InvalidInputError, NotAllowedError

PATIENCE = 60.0  # seconds for one answer of the hub

# The native uploader would open separate connections, past the fence.
constants.HF_HUB_DISABLE_XET = True
constants.HF_HUB_DISABLE_PROGRESS_BARS = True


@dataclass(frozen=True, slots=True)
class HubTarget:
    """Where a folder goes: the hub's address, the repository's name, and whether it is private."""

    endpoint: str
    repository: str
    private: bool


class Fence:
    """Restricts the library's client in this process to the hosts of the running pushes.

    The library shares its client among all threads, so the fence is shared as well: it is active
    from the beginning of the first push to the end of the last one that overlaps with it. No push
    removes it, or closes the client, while another is in progress.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: list[frozenset[str]] = []

    @contextmanager
    def around(self, hosts: frozenset[str]) -> Iterator[None]:
        """Keep the fence up, with these hosts let through, until the block ends."""
        with self._lock:
            self._running.append(hosts)
            if len(self._running) == 1:
                set_client_factory(self._fenced)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(hosts)
                if not self._running:
                    set_client_factory(default_client_factory)

    def _fenced(self) -> Any:  # noqa: ANN401 - the HTTP library's own client
        client = default_client_factory()
        client.timeout = PATIENCE
        client.event_hooks["request"].insert(0, self._check)
        return client

    def _check(self, request: Any) -> None:  # noqa: ANN401 - the HTTP library's own request
        host = request.url.host
        if not any(host in hosts for hosts in list(self._running)):
            raise NotAllowedError(
                f"The hub asks for the host {host}, which the operator has not listed. "
                "Nothing was sent there."
            )


FENCE = Fence()


class HubClient(Protocol):
    """What pushing needs of a hub."""

    def push(self, folder: Path, target: HubTarget, token: str) -> str:
        """Send a folder as a dataset repository; return the address of the commit.

        Raises:
            InvalidInputError: if the hub refuses, with its reason.
            NotAllowedError: if the hub asks for a host that the operator did not list.
        """
        ...


class HuggingFaceHub(HubClient):
    """Pushes through `huggingface_hub`.

    Args:
        hosts: names of all hosts that it may connect to, including the hub's storage.
    """

    def __init__(self, hosts: frozenset[str]) -> None:
        self._hosts = hosts

    @override
    def push(self, folder: Path, target: HubTarget, token: str) -> str:
        """Create the repository if there is none and upload every file in one commit."""
        with FENCE.around(self._hosts):
            return self._upload(folder, target, token)

    def _upload(self, folder: Path, target: HubTarget, token: str) -> str:
        api = HfApi(endpoint=target.endpoint, token=token)
        try:
            api.create_repo(
                target.repository, repo_type="dataset", private=target.private, exist_ok=True
            )
            commit = api.upload_folder(
                repo_id=target.repository,
                repo_type="dataset",
                folder_path=folder,
                commit_message=f"Upload {folder.name}",
            )
        except HfHubHTTPError as error:
            raise InvalidInputError(f"The hub refused: {_reason(error, token)}") from None
        except RuntimeError as error:  # how the library reports the upload of one file
            if isinstance(error.__cause__, NotAllowedError):
                raise error.__cause__ from None
            raise InvalidInputError(f"The upload failed: {_short(str(error), token)}") from None
        except OSError as error:
            raise InvalidInputError(
                f"The hub cannot be reached ({type(error).__name__}). Try again later."
            ) from None
        return str(getattr(commit, "commit_url", target.endpoint))


def host_of(endpoint: str) -> str:
    """The host's name in a hub's address."""
    return urlsplit(endpoint).hostname or ""


def _reason(error: HfHubHTTPError, token: str) -> str:
    return _short(str(error.server_message or error), token)


def _short(text: str, token: str) -> str:
    return text.partition("\n")[0][:300].replace(token, "…")
