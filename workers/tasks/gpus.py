"""Which GPUs a child of the model worker may see; decided before the child loads torch."""

from collections.abc import Mapping

VISIBLE = "CUDA_VISIBLE_DEVICES"


def gpu_environment(device: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that restrict a child to the GPU of MODEL_DEVICE, or none.

    Training takes every GPU that it sees, so the others are hidden; `auto` hides none.

    Args:
        device: as `settings.MODEL_DEVICE`, checked there.
        environment: the worker's environment; if it lists GPUs, `cuda:1` is the second of them.
    """
    kind, _, number = device.partition(":")
    if kind == "auto":
        return {}
    if kind != "cuda":
        return {VISIBLE: ""}
    place = int(number or 0)
    if VISIBLE not in environment:
        return {VISIBLE: str(place)}
    listed = [one.strip() for one in environment[VISIBLE].split(",") if one.strip()]
    return {VISIBLE: listed[place] if place < len(listed) else ""}
