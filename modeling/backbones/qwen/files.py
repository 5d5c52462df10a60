"""Where a pretrained model's files lie, and exactly which of them are missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from modeling.backbones.qwen.tokens import TOKENIZER_FILE

CONFIG_FILE = "config.json"
PROCESSOR_FILE = "preprocessor_config.json"
JOINT_PROCESSOR_FILE = "processor_config.json"  # newer folders have all processors in it
IMAGE_PROCESSOR = "image_processor"
WEIGHTS_FILE = "model.safetensors"
INDEX_FILE = "model.safetensors.index.json"
# What is fetched: never a pickle, never code; templates are rendered in a sandbox.
PATTERNS = ["*.json", "*.safetensors", "*.jinja"]


class MissingFilesError(FileNotFoundError):
    """A model cannot be loaded; ``missing`` names the files that are not there."""

    def __init__(self, model: str, missing: list[str], where: str) -> None:
        super().__init__(f"model {model!r} is incomplete {where}: missing {', '.join(missing)}")
        self.missing = tuple(missing)


@contextmanager
def loading(folder: Path) -> Iterator[None]:
    """Turns any error from a damaged model folder into a ``ValueError`` that names it."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # a damaged folder fails in every way there is
        if isinstance(error, ValueError) and str(folder) in str(error):
            raise
        name = "" if isinstance(error, ValueError) else f"{type(error).__name__} "
        raise ValueError(f"{folder} cannot be loaded: {name}{error}") from error


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a model folder's file; ``ValueError`` names the file if it has none."""
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if isinstance(value, dict):
        return value
    raise ValueError(f"{path} is not a JSON object")


def read_image_processor(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The file with the image processor's settings, and these, where transformers looks."""
    joint = folder / JOINT_PROCESSOR_FILE
    if joint.is_file():
        settings = read_object(joint).get(IMAGE_PROCESSOR)
        if isinstance(settings, dict):
            return joint, settings
    path = folder / PROCESSOR_FILE
    return path, read_object(path)


def missing_files(folder: Path, *, weights: bool) -> list[str]:
    """Names of the files that a model folder lacks, shards of its index included."""
    names = [CONFIG_FILE, PROCESSOR_FILE, TOKENIZER_FILE]
    missing = [name for name in names if not (folder / name).is_file()]
    joint = folder / JOINT_PROCESSOR_FILE
    if PROCESSOR_FILE in missing and joint.is_file() and IMAGE_PROCESSOR in read_object(joint):
        missing.remove(PROCESSOR_FILE)
    if weights:
        missing.extend(_missing_weights(folder))
    return missing


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a complete folder, in order."""
    index = folder / INDEX_FILE
    if index.is_file():
        return [folder / name for name in shard_names(index)]
    return [folder / WEIGHTS_FILE]


def find_model(name: str, *, revision: str | None = None, weights: bool = True) -> Path:
    """Folder of a local path or of a hub name, downloaded if need be.

    ``MissingFilesError`` says which files a folder, or the local copy of a hub model that
    cannot be reached, does not have.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return _complete(name, path, weights=weights)
    try:
        folder = Path(_fetch(name, revision, offline=True))
    except (OSError, HFValidationError):
        folder = None
    if folder is not None and not missing_files(folder, weights=weights):
        return folder
    try:
        return _complete(name, Path(_fetch(name, revision, offline=False)), weights=weights)
    except (OSError, HfHubHTTPError, HFValidationError) as error:
        if isinstance(error, MissingFilesError):
            raise
        nothing = [CONFIG_FILE, PROCESSOR_FILE, TOKENIZER_FILE, f"{WEIGHTS_FILE} or {INDEX_FILE}"]
        missing = missing_files(folder, weights=weights) if folder is not None else nothing
        where = "on this machine (no such folder, and the hub could not be reached)"
        raise MissingFilesError(name, missing, where) from error


def find_local(name: str) -> Path | None:
    """Folder of a model on this machine, with its weights; None if there is none."""
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    try:
        folder = Path(_fetch(name, None, offline=True))
    except (OSError, HFValidationError):
        return None
    return None if missing_files(folder, weights=True) else folder


def _complete(name: str, folder: Path, *, weights: bool) -> Path:
    if missing := missing_files(folder, weights=weights):
        raise MissingFilesError(name, missing, f"in {folder}")
    return folder


def _fetch(name: str, revision: str | None, *, offline: bool) -> str:
    folder = snapshot_download(
        name, revision=revision, allow_patterns=PATTERNS, local_files_only=offline
    )
    return str(folder)


def _missing_weights(folder: Path) -> list[str]:
    index = folder / INDEX_FILE
    if index.is_file():
        return [name for name in shard_names(index) if not (folder / name).is_file()]
    return [] if (folder / WEIGHTS_FILE).is_file() else [f"{WEIGHTS_FILE} or {INDEX_FILE}"]


def shard_names(index: Path) -> list[str]:
    """The files of an index; ``ValueError`` if it is none, or names files elsewhere."""
    value = read_object(index)
    try:
        names = sorted({str(name) for name in value["weight_map"].values()})
    except (KeyError, AttributeError) as error:
        raise ValueError(f"{index} maps no weights to files") from error
    if strange := [name for name in names if Path(name).name != name or name in (".", "..")]:
        raise ValueError(f"{index} names files elsewhere: {', '.join(strange)}")
    return names
