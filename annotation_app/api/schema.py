"""Prepares the API's document; `urls` calls it once, before any request."""

from drf_spectacular.plumbing import OpenApiGeneratorExtension


def load_extensions() -> None:
    """Let drf-spectacular resolve the class of each of its extensions now.

    By itself it does so when it first asks one whether it matches, without a lock: of two first
    requests at once one failed, and an extension could stay switched off for good.
    """
    waiting: list[type] = [OpenApiGeneratorExtension]
    while waiting:
        extension = waiting.pop()
        waiting += extension.__subclasses__()
        if isinstance(getattr(extension, "target_class", None), str):
            extension._load_class()  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
