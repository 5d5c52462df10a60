"""The model card: Markdown for people, JSON for programs, SVG charts beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from modeling.config import OVERALL
from modeling.trainer.charts import Line, unit_chart

CARD_FILE, FACTS_FILE = "card.md", "card.json"
RELIABILITY_FILE, RISK_FILE = "reliability.svg", "risk_coverage.svg"
_COLOURS = ("#1b6ca8", "#c8553d", "#3c8d5a", "#8a5aab", "#b58900", "#5b5b5b")


def write_card(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the card's files into a checkpoint folder.

    Args:
        folder: an existing folder.
        facts: JSON values under ``config`` (a checkpoint's ``config.json``), ``split``,
            ``evaluation`` (a plain :class:`EvaluationReport`) and ``probes`` (plain results).
    """
    text = json.dumps(facts, indent=2, sort_keys=True, allow_nan=False)
    (folder / FACTS_FILE).write_text(text + "\n", encoding="utf-8")
    (folder / RELIABILITY_FILE).write_text(_reliability_chart(facts["evaluation"]))
    (folder / RISK_FILE).write_text(_risk_chart(facts["evaluation"]))
    (folder / CARD_FILE).write_text("\n".join(_card(facts)) + "\n", encoding="utf-8")


def _card(facts: Mapping[str, Any]) -> Iterator[str]:
    evaluation = facts["evaluation"]
    yield "# Reward model card"
    yield ""
    yield from _origin(facts["config"])
    yield f"\n## Accuracy on {evaluation['items']} items of the split `{facts['split']}`\n"
    yield from _accuracy(evaluation["accuracy"])
    yield "\n## Calibration\n"
    yield from _calibration(evaluation)
    yield f"\n![Reliability]({RELIABILITY_FILE}) ![Risk and coverage]({RISK_FILE})"
    for name, labels in evaluation["slices"].items():
        yield f"\n## Accuracy by {name}\n"
        rows = [[label or "(none)", *_share(share)] for label, share in labels.items()]
        yield from _table([name, "accuracy", "95 % interval", "pairs"], rows)
    yield "\n## Failure probes\n"
    yield from _probes(facts["probes"])
    yield "\nIntervals treat an item as one cluster. Human ties are left out of the accuracy."


def _origin(config: Mapping[str, Any]) -> Iterator[str]:
    training = config["training"]
    backbone = config["backbone"]["name"]
    yield f"- Backbone `{backbone}`, loss `{training['loss']['ranking']}`, "
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
            rows.append([key, *["too few pairs"] * 4, "–"])
            continue
        spread = evaluation["spread"].get(key, {}).get("against_human_sd", {}).get("value")
        low, high = figures["ece_interval"]
        rows.append(
            [
                key,
                _number(figures["nll"]["value"]),
                _number(figures["brier"]["value"]),
                f"{figures['ece']:.3f} [{low:.3f}, {high:.3f}]",
                f"{figures['cox']['slope']:.2f}",
                _number(spread),
            ]
        )
    header = ["scale", "pair NLL", "Brier", "ECE", "Cox slope", "Spearman(σ, human sd)"]
    yield from _table(header, rows)


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


def _interval(interval: Mapping[str, float] | None) -> str:
    if interval is None:
        return "–"
    return f"[{_percent(interval['low'])}, {_percent(interval['high'])}]"


def _reliability_chart(evaluation: Mapping[str, Any]) -> str:
    lines = [Line("honest", ((0.0, 0.0), (1.0, 1.0)), "#999", dashed=True)]
    for colour, (key, figures) in zip(_COLOURS, evaluation["reliability"].items(), strict=False):
        if figures is not None:
            points = [(each["predicted"], each["observed"]) for each in figures["curve"]]
            lines.append(Line(key, points, colour))
    return unit_chart(
        title="Reliability of predicted wins", across="predicted", up="observed", lines=lines
    )


def _risk_chart(evaluation: Mapping[str, Any]) -> str:
    risk = evaluation["risk_coverage"]
    points = [] if risk is None else list(zip(risk["coverage"], risk["risk"], strict=True))
    return unit_chart(
        title="Error among the most confident pairs",
        across="share of pairs kept",
        up="error",
        lines=[Line(OVERALL, points, _COLOURS[0])],
        top=0.5,
    )
