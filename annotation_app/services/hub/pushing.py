"""Pushing a dataset version or a benchmark to a hub, with the person's token of this request."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from typing_extensions import override

from annotation_app.enums import AuditVerb, BenchmarkStage, BuildState
from annotation_app.exceptions import InvalidInputError, NotAllowedError
from annotation_app.models import Benchmark, Campaign, DatasetVersion, User
from annotation_app.selectors.benchmarks.benchmarks import count_withdrawn
from annotation_app.services.audit.events import record_event
from annotation_app.services.hub.client import HubClient, HubTarget, HuggingFaceHub, host_of

REPOSITORY = re.compile(r"^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}$", re.ASCII)
LARGEST_FROM_PAGE = 200 << 20  # bytes; a page's request must end, the command may take hours


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRequest:
    """What the person asks for; the token is held no longer than the push takes.

    Attributes:
        endpoint: one of `hub_endpoints`.
        repository: `owner/name`.
        token: the person's own; never stored, logged or audited.
        private: whether a new repository is private.
        from_page: whether a browser waits for it.
    """

    endpoint: str
    repository: str
    token: str
    private: bool = True
    from_page: bool = False

    @override
    def __repr__(self) -> str:
        return f"PushRequest({self.endpoint}, {self.repository})"


def hub_endpoints() -> list[str]:
    """The hubs that the operator lists in HUB_HOSTS, as addresses; none by default."""
    return [
        name.rstrip("/") if "://" in name else f"https://{name.strip('/')}"
        for name in settings.HUB_HOSTS
    ]


def hub_client() -> HubClient:
    """The client that talks to listed hosts only."""
    hosts = {host_of(endpoint) for endpoint in hub_endpoints()}
    return HuggingFaceHub(frozenset(hosts | set(settings.HUB_STORAGE_HOSTS)))


def push_dataset(
    *, version: DatasetVersion, request: PushRequest, actor: User | None, client: HubClient
) -> str:
    """Send a ready dataset version to a hub; return the commit's address.

    Raises:
        InvalidInputError: if it is not ready, was touched by a withdrawal, is too large for a
            page, or the hub refuses.
        NotAllowedError: if the hub, or a host it names, is not listed.
    """
    if version.state != BuildState.READY:
        raise InvalidInputError(_("Only a ready version can be pushed."))
    if not version.rebuildable:
        raise InvalidInputError(
            _(
                "Items of this version have been withdrawn since it was built. Build a new "
                "version and push that."
            )
        )
    named = (version.campaign, "dataset", version.pk, version.digest)
    return _push(Path(settings.EXPORT_ROOT) / version.folder, request, actor, client, named)


def push_benchmark(
    *, benchmark: Benchmark, request: PushRequest, actor: User | None, client: HubClient
) -> str:
    """Send a published benchmark to a hub; return the commit's address.

    Raises:
        InvalidInputError: if it is not published, was touched by a withdrawal, is too large for
            a page, or the hub refuses.
        NotAllowedError: if the hub, or a host it names, is not listed.
    """
    if benchmark.stage != BenchmarkStage.PUBLISHED:
        raise InvalidInputError(_("Only a published benchmark can be pushed."))
    if count_withdrawn(benchmark):
        raise InvalidInputError(
            _(
                "Items of this benchmark have been withdrawn since it was built. Build a "
                "new one and push that."
            )
        )
    named = (benchmark.campaign, "benchmark", benchmark.pk, "")
    return _push(Path(settings.EXPORT_ROOT) / benchmark.folder, request, actor, client, named)


def _push(
    folder: Path,
    request: PushRequest,
    actor: User | None,
    client: HubClient,
    named: tuple[Campaign, str, int, str],
) -> str:
    _check(folder, request)
    target = HubTarget(request.endpoint, request.repository, request.private)
    address = client.push(folder, target, request.token)
    campaign, object_type, object_id, digest = named
    record_event(
        actor=actor,
        verb=AuditVerb.PUSHED,
        object_type=object_type,
        object_id=object_id,
        campaign=campaign,
        data={
            "hub": request.endpoint,
            "repository": request.repository,
            "private": request.private,
            "digest": digest,
            "commit": address,
        },
    )
    return address


def _check(folder: Path, request: PushRequest) -> None:
    if request.endpoint not in hub_endpoints():
        raise NotAllowedError(_("The operator has not listed this hub in HUB_HOSTS."))
    if not REPOSITORY.match(request.repository):
        raise InvalidInputError(_("Write the repository as owner/name."))
    if not request.token.strip():
        raise InvalidInputError(_("Enter your own access token for the hub."))
    if not folder.is_dir():
        raise InvalidInputError(_("The folder is no longer on the server. Build it again."))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if request.from_page and size > LARGEST_FROM_PAGE:
        raise InvalidInputError(
            _(
                "The folder has %(size)s MB, too much to push from a page. On the "
                "server, run “manage.py push_to_hub”, which also asks for your token."
            )
            % {"size": f"{size >> 20:,}"}
        )
