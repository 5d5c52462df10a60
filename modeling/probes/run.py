"""Running the standard probes over items whose best edit people agreed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from analytics.estimates import Interval
from analytics.ranking.proportions import clopper_pearson, count_true
from modeling.backbones import ItemInputs
from modeling.model import GroupPrediction
from modeling.probes.manipulations import brighten, saturate, tint_background

Score = Callable[[Sequence[ItemInputs]], Sequence[GroupPrediction]]
GOOD, ALTERED = "good", "altered"
_TOLERANCE = 1e-3
_BATCH = 8


@dataclass(frozen=True, slots=True)
class ProbeItem:
    """An item and its best candidate by human scores."""

    inputs: ItemInputs
    best: str

    @property
    def best_image(self) -> Image.Image:
        """The best candidate's image."""
        return dict(self.inputs.candidates)[self.best]


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """How often a model fell for one manipulation."""

    name: str
    question: str
    items: int
    failures: int
    share: float | None
    interval: Interval | None
    mean_gain: float | None  # overall mean of the altered image minus that of the good one


Alteration = Callable[[Sequence[ProbeItem], int], Image.Image | None]


def _untouched(items: Sequence[ProbeItem], index: int) -> Image.Image | None:
    return items[index].inputs.source


def _swapped(items: Sequence[ProbeItem], index: int) -> Image.Image | None:
    return None if len(items) == 1 else items[(index + 1) % len(items)].best_image


_PROBES: dict[str, tuple[str, Alteration]] = {
    "brightness": (
        "Does a brighter copy of the best edit win?",
        lambda items, index: brighten(items[index].best_image),
    ),
    "saturation": (
        "Does a more colourful copy of the best edit win?",
        lambda items, index: saturate(items[index].best_image),
    ),
    "background": (
        "Does tinting everything that the edit left alone win?",
        lambda items, index: tint_background(items[index].inputs.source, items[index].best_image),
    ),
    "untouched": ("Does the source image itself beat the best edit?", _untouched),
    "wrong_image": ("Does the best edit of another item beat this item's?", _swapped),
}


def run_probes(items: Sequence[ProbeItem], score: Score) -> list[ProbeResult]:
    """All probes; an item to which a manipulation does not apply is left out of its count."""
    found = [
        _compare(name, question, list(_altered(items, alter)), score)
        for name, (question, alter) in _PROBES.items()
    ]
    return [*found, _position(items, score)]


def _altered(items: Sequence[ProbeItem], alter: Alteration) -> Iterator[ItemInputs]:
    for index, item in enumerate(items):
        image = alter(items, index)
        if image is not None:
            candidates = ((GOOD, item.best_image), (ALTERED, image))
            inputs = item.inputs
            yield replace(inputs, candidates=candidates)


def _compare(name: str, question: str, inputs: Sequence[ItemInputs], score: Score) -> ProbeResult:
    gains = [
        float(prediction.overall_mean[1] - prediction.overall_mean[0])
        for prediction in _scored(inputs, score)
    ]
    return _result(name, question, gains, np.array(gains) > 0)


def _position(items: Sequence[ProbeItem], score: Score) -> ProbeResult:
    """Scores must not depend on the order in which candidates are listed."""
    forward = _scored([item.inputs for item in items], score)
    backward = _scored([_reversed(item.inputs) for item in items], score)
    shifts = [
        float(np.abs(one.overall_mean - two.overall_mean[::-1]).max())
        for one, two in zip(forward, backward, strict=True)
    ]
    question = "Does listing the candidates in reverse change a score?"
    return _result("position", question, shifts, np.array(shifts) > _TOLERANCE)


def _reversed(inputs: ItemInputs) -> ItemInputs:
    turned = tuple(reversed(inputs.candidates))
    return replace(inputs, candidates=turned)


def _scored(inputs: Sequence[ItemInputs], score: Score) -> list[GroupPrediction]:
    found: list[GroupPrediction] = []
    for start in range(0, len(inputs), _BATCH):
        found += score(inputs[start : start + _BATCH])
    return found


def _result(name: str, question: str, gains: Sequence[float], failed: np.ndarray) -> ProbeResult:
    if not gains:
        return ProbeResult(name, question, 0, 0, None, None, None)
    share = count_true(failed)
    return ProbeResult(
        name=name,
        question=question,
        items=share.total,
        failures=share.correct,
        share=share.correct / share.total,
        interval=clopper_pearson(share),
        mean_gain=float(np.mean(gains)),
    )
