"""Folders with a PEFT adapter instead of a model; the loaders of both kinds of checkpoint ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ADAPTER_CONFIG_FILE = "adapter_config.json"


def is_adapter(folder: Path) -> bool:
    """Whether a folder contains an adapter."""
    return (folder / ADAPTER_CONFIG_FILE).is_file()


def read_adapter_config(folder: Path) -> dict[str, Any]:
    """What an adapter says of itself; ``ValueError`` names a file that is not a JSON object."""
    path = folder / ADAPTER_CONFIG_FILE
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path} is not a JSON object")  # noqa: TRY004  # a file's fault, not a caller's
    return value


def adapter_base(folder: Path) -> str:
    """The name of the model that an adapter was trained on, as its file spells it."""
    name = read_adapter_config(folder).get("base_model_name_or_path")
    return name if isinstance(name, str) and name else "a model that it does not name"
