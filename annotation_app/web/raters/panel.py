"""One annotator's panel, put together for the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotation_app.models import User
from annotation_app.selectors.quality.behaviour import pool_floor
from annotation_app.selectors.quality.plans import quality_plan
from annotation_app.selectors.raters.records import gold_record, speed_record
from annotation_app.selectors.raters.repeats import self_consistencies
from annotation_app.web.raters.figures import (
    FigureRow,
    dimension_rows,
    gold_row,
    repeat_row,
    speed_row,
    stored_row,
)
from annotation_app.web.raters.funnel import FunnelPicture, draw_funnel
from annotation_app.web.raters.reading import RaterData
from annotation_app.web.raters.residual_series import CoursePicture, draw_course
from annotation_app.web.raters.words import Evidence, drift_words, in_words, own_row


@dataclass(frozen=True)
class Drift:
    """What a study found of drift on a dimension; no course if it is too short to see."""

    words: str
    n_items: int
    run_length: int
    course: CoursePicture | None


@dataclass(frozen=True)
class Confusion:
    """Own level down, the others' across: shares of each row, as per cent texts."""

    levels: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class DimensionPanel:
    """All of an annotator on one dimension."""

    key: str
    name: str
    figures: Sequence[FigureRow]
    funnel: FunnelPicture | None
    drift: Drift | None
    confusion: Confusion | None


@dataclass(frozen=True)
class RaterPanel:
    """All of an annotator."""

    words: str
    dimensions: Sequence[DimensionPanel]
    work: Sequence[FigureRow]


def build_panel(reading: RaterData, user: User) -> RaterPanel:
    """Put an annotator's panel together; costs what they did, and one look at the live figures."""
    campaign = reading.campaign
    floor = pool_floor(campaign=campaign, least=quality_plan(campaign).fast_least_seconds)
    speed, gold = speed_record(campaign, user, floor=floor), gold_record(campaign, user)
    repeats = self_consistencies(campaign, annotator=user.pk)
    evidence = Evidence(reading.names, reading.rows, reading.studied, speed, gold)
    work = [speed_row(speed), gold_row(gold)]
    work += [
        repeat_row(name, repeats.get(key, {}).get(user.pk)) for key, name in reading.names.items()
    ]
    return RaterPanel(
        in_words(user.pk, evidence),
        [_dimension(reading, user, key, name) for key, name in reading.names.items()],
        [*work, *_halos(reading, user)],
    )


def _dimension(reading: RaterData, user: User, key: str, name: str) -> DimensionPanel:
    rows, study = reading.rows.get(key, []), reading.studied.get(key, {})
    own = own_row(user.pk, rows)
    drift = study.get("drift", {}).get(str(user.pk))
    return DimensionPanel(
        key=key,
        name=name,
        figures=dimension_rows(own.line if own else None, study, user.pk),
        funnel=draw_funnel(rows, user.pk),
        drift=_drift(name, drift) if drift else None,
        confusion=_confusion(reading, key, own.line.confusion.tolist()) if own else None,
    )


def _drift(name: str, facts: dict[str, Any]) -> Drift:
    if facts["since"]:
        words = drift_words(name, facts)
    elif facts["reason"]:
        words = _("Too few shared items to detect drift: more than fifteen are needed.")
    else:
        words = _("No drift relative to the others.")
    return Drift(words, facts["n"], facts["run_length"], draw_course(facts))


def _confusion(reading: RaterData, key: str, shares: list[list[float]]) -> Confusion:
    levels = [f"{value:g}" for value in reading.live.pooled.sums[key].scale.values]
    rows = [
        (level, [f"{100 * share:.0f} %" if any(row) else "–" for share in row])
        for level, row in zip(levels, shares, strict=True)
    ]
    return Confusion(levels, rows)


def _halos(reading: RaterData, user: User) -> list[FigureRow]:
    note = _(
        "Their own correlation of the two minus that of the others: above zero, they "
        "distinguish the two less."
    )
    return [
        stored_row(
            _("Halo: %(first)s and %(second)s")
            % {
                "first": reading.names.get(pair["first"], pair["first"]),
                "second": reading.names.get(pair["second"], pair["second"]),
            },
            pair["raters"][str(user.pk)],
            note,
            sign=True,
        )
        for pair in reading.halos
        if str(user.pk) in pair["raters"]
    ]
