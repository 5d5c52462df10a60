"""Downloads of a dataset version: single files, all in one archive, checksums, withdrawals."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotation_app.models import DatasetVersion
from annotation_app.policies import can_export
from annotation_app.selectors.collections.withdrawals import withdrawal_records
from annotation_app.selectors.exports.files import checksum_lines, find_version_file, handed_out
from annotation_app.selectors.exports.released_files import MANIFEST
from annotation_app.web.by_token import login_or_token
from annotation_app.web.errors import FileGoneError
from annotation_app.web.exports.loading import load_told_version
from annotation_app.web.ranges import Download, file_reader, send_download
from annotation_app.web.tarring import TarEntry, TarLayout

WITHDRAWN = "withdrawn.json"


@require_safe
@login_or_token
def dataset_file(request: HttpRequest, slug: str, number: int, path: str) -> HttpResponseBase:
    """One file of a ready version, by a name that its manifest lists; ranges are served."""
    version = load_told_version(request, slug, number, can_export)
    file = find_version_file(version, path)
    if file is None:
        raise Http404
    facts = version.manifest.get("files", {}).get(path, {})
    download = Download(
        name=f"{slug}-v{number}-{file.name}",
        size=file.stat().st_size,
        tag=facts.get("sha256") or version.digest or "untagged",
        read=file_reader(file),
    )
    return send_download(request, download)


@require_safe
@login_or_token
def dataset_archive(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """The whole folder as one tar, streamed as it is read; a download can be resumed."""
    version = load_told_version(request, slug, number, can_export)
    return send_download(request, version_archive(version))


def version_archive(version: DatasetVersion) -> Download:
    """A version's folder as one tar.

    What a withdrawal withholds is left out, and `withdrawn.json` says so.

    Raises:
        Http404: if the folder is gone, or a file in it; half an archive would be taken for one.
    """
    sidecar = withdrawn_text(version)
    folder = Path(settings.EXPORT_ROOT) / version.folder
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise Http404
    top = f"{version.campaign.slug}-v{version.number}"
    entries = [TarEntry(f"{top}/{MANIFEST}", manifest.stat().st_size, manifest)]
    entries += [
        TarEntry(f"{top}/{name}", facts["bytes"], folder / name)
        for name, facts in handed_out(version)
    ]
    _check_files(entries)
    entries.append(TarEntry(f"{top}/{WITHDRAWN}", len(sidecar), sidecar))
    layout = TarLayout(entries, int(version.created_at.timestamp()))
    return Download(
        name=f"{top}.tar",
        size=layout.size,
        tag=hashlib.sha256(version.digest.encode() + sidecar).hexdigest(),
        read=layout.read,
        content_type="application/x-tar",
    )


@require_safe
@login_or_token
def dataset_checksums(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """sha256 of every file, as `sha256sum --check` reads it."""
    version = load_told_version(request, slug, number, can_export)
    response = HttpResponse(checksum_lines(version), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-v{number}-SHA256SUMS"'
    return response


@require_safe
@login_or_token
def dataset_withdrawn(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Items of the version that were withdrawn since it was built."""
    version = load_told_version(request, slug, number, can_export)
    return HttpResponse(withdrawn_text(version), content_type="application/json")


def _check_files(entries: list[TarEntry]) -> None:
    gone = [
        one.name for one in entries if isinstance(one.content, Path) and not one.content.exists()
    ]
    if gone:
        raise FileGoneError(
            _(
                "Files that are no longer on the server: %(file)s and %(others)d more. Build a "
                "new version."
            )
            % {"file": gone[0], "others": len(gone) - 1}
        )


def withdrawn_text(version: DatasetVersion) -> bytes:
    """The sidecar's content."""
    items = withdrawal_records(version.snapshot)
    facts = {"campaign": version.campaign.slug, "version": version.number, "withdrawn": items}
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()
