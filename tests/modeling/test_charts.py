"""The charts of a model card: every scale is drawn and can be told from the others."""

import re

from modeling.trainer.card_charts import reliability_chart, sigma_chart

CURVE = re.compile(r'<polyline points="[^"]*" fill="none" ([^/]*)/>')


def scales(count, figures):
    return {f"d{number}": figures for number in range(count)}


def test_every_dimension_has_a_reliability_curve_of_its_own_look():
    figures = {"curve": [{"predicted": 0.2, "observed": 0.3}]}
    drawing = reliability_chart({"reliability": scales(18, figures)})
    curves = CURVE.findall(drawing)
    assert len(set(curves)) == len(curves) == 19  # with that of an honest model
    assert all(f">d{number}<" in drawing for number in range(18))


def test_every_dimension_has_its_error_and_its_raters_drawn():
    figures = {"bins": [{"error": 0.4, "human_sd": 0.5}, {"error": 0.6, "human_sd": None}]}
    drawing = sigma_chart({"spread": scales(8, figures)})
    curves = CURVE.findall(drawing)
    assert len(set(curves)) == len(curves) == 16
    assert ">d7: error<" in drawing
    assert ">d7: sd of raters<" in drawing


def test_scales_beyond_all_looks_are_drawn_too():
    figures = {"curve": [{"predicted": 0.2, "observed": 0.3}]}
    assert len(CURVE.findall(reliability_chart({"reliability": scales(40, figures)}))) == 41


def test_few_scales_keep_to_plain_lines_and_raters_to_dashes():
    figures = {"bins": [{"error": 0.4, "human_sd": 0.5}]}
    main, second = CURVE.findall(sigma_chart({"spread": scales(1, figures)}))
    assert main == 'stroke="#1b6ca8" stroke-width="2"'
    assert second == 'stroke="#1b6ca8" stroke-width="2" stroke-dasharray="4 4"'
