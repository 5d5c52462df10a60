"""Files of a trained reward model that people read: its card and charts."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from annotation_app.models import RewardModelVersion

CARD = "card.md"
# what may leave the folder, with its content type: never the weights by this door
READABLE = {
    CARD: "text/markdown; charset=utf-8",
    "card.json": "application/json",
    "accuracy.svg": "image/svg+xml",
    "reliability.svg": "image/svg+xml",
    "sigma_error.svg": "image/svg+xml",
    "risk_coverage.svg": "image/svg+xml",
}


@dataclass(frozen=True)
class SplitFigures:
    """A model's accuracy on the items of one split."""

    split: str
    accuracy: float | None
    by_dimension: list[float | None]
    pairs: float
    nll: float | None


def split_figures(version: RewardModelVersion, dimensions: list[str]) -> list[SplitFigures]:
    """Held-out figures, the test items first, with the dimensions in rubric order."""
    return [
        SplitFigures(
            split=split,
            accuracy=values.get("accuracy"),
            by_dimension=[values.get(f"accuracy_{key}") for key in dimensions],
            pairs=values.get("pairs_overall", 0),
            nll=values.get("pair_nll"),
        )
        for split, values in sorted(version.metrics.items())
    ]


def model_file(version: RewardModelVersion, name: str) -> Path | None:
    """A readable file of a model version; None if there is none of that name."""
    if name not in READABLE or not version.folder:
        return None
    path = Path(settings.MODEL_ROOT) / version.folder / name
    return path if path.is_file() else None


def model_card(version: RewardModelVersion) -> str:
    """The model card's Markdown without its title; empty while there is none."""
    path = model_file(version, CARD)
    if path is None:
        return ""
    return path.read_text(encoding="utf-8").removeprefix("# Reward model card\n")
