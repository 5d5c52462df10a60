"""Where a model runs, checked before anything is loaded."""

from __future__ import annotations

import torch


def find_device(name: str) -> torch.device:
    """The device of a name; ``ValueError`` if this machine has none of that name."""
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"{name!r} is no device; cpu or cuda") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(f"there is no {name} on this machine")
    return device
