"""The model card: Markdown for people, JSON for programs, with SVG charts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from modeling.config import Split
from modeling.trainer.card_charts import CHARTS

CARD_FILE, FACTS_FILE = "card.md", "card.json"


def write_card(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the card's files into a checkpoint folder.

    Args:
        folder: an existing folder.
        facts: JSON values under ``config`` (a checkpoint's ``config.json``), ``split``,
            ``evaluation`` (a plain :class:`EvaluationReport`) and ``probes`` (plain results);
            the latter three are ``None`` if no items were held out.
    """
    text = json.dumps(facts, indent=2, sort_keys=True, allow_nan=False)
    (folder / FACTS_FILE).write_text(text + "\n", encoding="utf-8")
    if facts["evaluation"] is not None:
        for name, (_, draw) in CHARTS.items():
            (folder / name).write_text(draw(facts["evaluation"]), encoding="utf-8")
    (folder / CARD_FILE).write_text("\n".join(_card(facts)) + "\n", encoding="utf-8")


def _card(facts: Mapping[str, Any]) -> Iterator[str]:
    yield "# Reward model card"
    yield ""
    yield from _origin(facts["config"])
    if facts["evaluation"] is None:
        yield "\nNo data were held out, because there is neither a validation nor a test split:"
        yield "the quality of this model has not been measured, and its σ is not calibrated."
    else:
        yield from _judgement(facts)


def _judgement(facts: Mapping[str, Any]) -> Iterator[str]:
    evaluation = facts["evaluation"]
    yield f"\n## Accuracy on {evaluation['items']} items of the split `{facts['split']}`\n"
    yield from _accuracy(evaluation["accuracy"])
    yield "\n## Calibration\n"
    yield from _calibration(evaluation)
    yield from _basis(facts["config"]["calibration"]["spread"], facts["split"])
    yield "\n## What σ shows\n"
    yield from _spread(evaluation["spread"])
    if facts["config"]["training"]["loss"]["anchor_weight"] == 0:
        yield "\nTrained without the ordinal anchor, the model has learned no cut points: its"
        yield "levels, chances of disagreement and errors in levels have no meaning."
    yield ""
    yield from (f"![{text}]({name})" for name, (text, _) in CHARTS.items())
    for name, labels in evaluation["slices"].items():
        yield f"\n## Accuracy by {name}\n"
        yield from _slices(name, labels, list(evaluation["accuracy"]))
    yield "\n## Failure probes\n"
    yield from _probes(facts["probes"])
    yield "\nIntervals treat an item as one cluster. Human ties are left out of the accuracy."


def _origin(config: Mapping[str, Any]) -> Iterator[str]:
    training = config["training"]
    backbone = config["backbone"]["name"]
    yield f"- Backbone `{backbone}`, loss `{training['loss']['ranking']}`,"
    yield f"  aggregation `{config['aggregation']}`, seed {training['seed']}"
    yield f"- Dataset version `{config['dataset_sha256'][:16]}`, code `{config['code_version']}`"
    for dimension in config["rubric"]["dimensions"]:
        yield f"- `{dimension['key']}`: {dimension['name']}, weight {dimension['weight']:g}"


def _accuracy(accuracy: Mapping[str, Any]) -> Iterator[str]:
    rows = []
    for key, scale in accuracy.items():
        rows.append([key, *_share(scale["strict"]), *_with_ties(scale["with_ties"])])
    header = ["scale", "strict accuracy", "95 % interval", "pairs", "with ties", "always-tie floor"]
    yield from _table(header, rows)


def _calibration(evaluation: Mapping[str, Any]) -> Iterator[str]:
    rows = []
    for key, figures in evaluation["reliability"].items():
        if figures is None:
            rows.append([key, *["too few pairs"] * 4])
            continue
        rows.append(
            [
                key,
                _number(figures["nll"]["value"]),
                _number(figures["brier"]["value"]),
                f"{figures['ece']:.3f} {_reach(figures['ece_interval'])}",
                f"{figures['cox']['slope']:.2f}",
            ]
        )
    yield from _table(["scale", "pair NLL", "Brier", "ECE", "Cox slope"], rows)


def _basis(factors: Mapping[str, float], split: str) -> Iterator[str]:
    """What was fitted on which items."""
    if not factors:
        yield "\nσ is not calibrated and the last state was kept, for the data has no validation"
        yield "split."
        return
    told = ", ".join(f"`{key}` {factor:.2f}" for key, factor in factors.items())
    yield f"\nFactors on σ, fitted on the validation split (1 where too few pairs speak): {told}."
    if split == Split.VALIDATION.value:
        yield "There is no test split: the state kept and these factors were chosen on the very"
        yield "pairs that judge them here, so that the figures flatter the model."


def _spread(spread: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        [
            key,
            _number(each["against_mean"]["value"]),
            _number(each["against_human_sd"]["value"]),
            *(_percent(share) for share in each["coverage"].values()),
        ]
        for key, each in spread.items()
    ]
    header = ["dimension", "Spearman(μ, human mean)", "Spearman(σ, human sd)"]
    yield from _table([*header, "ratings in the 50 % interval", "in the 90 % interval"], rows)
    yield "\nA rating counts as inside up to half a step of its dimension's levels beyond it."


def _slices(name: str, labels: Mapping[str, Any], scales: Sequence[str]) -> Iterator[str]:
    rows = [
        [label or "(none)", *(cell for scale in scales for cell in _slice(shares.get(scale)))]
        for label, shares in labels.items()
    ]
    header = [cell for scale in scales for cell in (scale, "95 % interval", "pairs")]
    yield from _table([name, *header], rows)


def _slice(share: Mapping[str, Any] | None) -> list[str]:
    return ["–"] * 3 if share is None else _share(share)


def _probes(probes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        [
            probe["question"],
            f"{probe['failures']} of {probe['items']}",
            _interval(probe["interval"]),
            _number(probe["mean_gain"]),
        ]
        for probe in probes
    ]
    yield from _table(["question", "yes", "95 % interval", "mean gain (logits)"], rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _share(share: Mapping[str, Any]) -> list[str]:
    counts = share["share"]
    return [_percent(_ratio(counts)), _interval(share["interval"]), str(counts["total"])]


def _with_ties(report: Mapping[str, Any] | None) -> list[str]:
    if report is None:
        return ["–", "–"]
    floor = report["floors"]["always_tie"]
    return [_percent(_ratio(report["three_class"])), _percent(_ratio(floor))]


def _ratio(counts: Mapping[str, int]) -> float | None:
    return counts["correct"] / counts["total"] if counts["total"] else None


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _reach(bounds: Sequence[float] | None) -> str:
    return "–" if bounds is None else f"[{bounds[0]:.3f}, {bounds[1]:.3f}]"


def _interval(interval: Mapping[str, float] | None) -> str:
    if interval is None:
        return "–"
    return f"[{_percent(interval['low'])}, {_percent(interval['high'])}]"
