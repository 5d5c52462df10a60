"""Where a model runs, checked before anything is loaded."""

from __future__ import annotations

import torch

AUTO = "auto"


def find_device(name: str) -> torch.device:
    """The device of a name; ``auto``: a CUDA GPU if this machine has one, else the processor.

    ``ValueError`` if this machine has none of that name.
    """
    if name == AUTO:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"{name!r} is not a device; use auto, cpu, cuda, cuda:1 or mps") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(f"there is no {name} on this machine")
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError(f"there is no {name} on this machine")
    return device
