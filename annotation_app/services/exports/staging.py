"""The location of a build on disk: staged until complete, then moved in place in one step."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from annotation_app.models import DatasetVersion, Snapshot
from annotation_app.services.exports.manifest import MANIFEST
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.orphans import SUFFIX

# raised with every change of what the parts hold: older leftovers are then not gone on with
PARTS_VERSION = 1


@dataclass(frozen=True, slots=True)
class BuildDirectory:
    """The folders of one version's build.

    Attributes:
        final: the path of the finished folder.
        aside: the staging folder, which is removed when the build is done.
    """

    final: Path
    aside: Path

    @property
    def folder(self) -> Path:
        """The version's files under construction."""
        return self.aside / "folder"

    @property
    def parts(self) -> Path:
        """The parts that the files are joined from."""
        return self.aside / "parts"

    def finished(self, snapshot: Snapshot) -> dict[str, Any] | None:
        """The manifest of a folder that was written whole and whose record alone is missing."""
        path = self.final / MANIFEST
        if not path.is_file():
            return None
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        same = manifest["snapshot"]["taken_at"] == snapshot.created_at.isoformat()
        return manifest if same else None

    def prepare(self, snapshot: Snapshot, options: ExportOptions) -> None:
        """Make the folders; what an attempt at something else left behind is removed."""
        shutil.rmtree(self.final, ignore_errors=True)
        wanted = json.dumps([PARTS_VERSION, snapshot.pk, snapshot.digest, options.to_json()])
        plan = hashlib.sha256(wanted.encode()).hexdigest()
        plan_file = self.aside / "plan.json"
        if not plan_file.is_file() or plan_file.read_text(encoding="utf-8") != plan:
            self.clear()
            self.aside.mkdir(parents=True)
            plan_file.write_text(plan, encoding="utf-8")
        for folder in (self.folder, self.parts):
            folder.mkdir(exist_ok=True)

    def publish(self) -> None:
        """Move the finished folder into place; the parts go."""
        self.folder.replace(self.final)
        self.clear()

    def clear(self) -> None:
        """Remove what a build needs."""
        shutil.rmtree(self.aside, ignore_errors=True)


def build_site(version: DatasetVersion) -> BuildDirectory:
    """A version's place below the export root."""
    root, name = Path(settings.EXPORT_ROOT), str(version.public_id)
    return BuildDirectory(root / name, root / f"{name}{SUFFIX}")
