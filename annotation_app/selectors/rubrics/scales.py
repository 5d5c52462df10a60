"""The scales of a rubric's dimensions, and of their weighted sum, the overall."""

from collections.abc import Mapping
from fractions import Fraction

from analytics.scales import Scale, check_number_of_levels
from annotation_app.models import Rubric

OVERALL = "overall"


def rubric_scales(rubric: Rubric) -> dict[str, Scale]:
    """Each dimension's declared levels, in rubric order."""
    return {
        dimension.key: Scale.of([level.value for level in dimension.levels.all()])
        for dimension in rubric.dimensions.prefetch_related("levels")
    }


def rubric_weights(rubric: Rubric) -> dict[str, Fraction]:
    """Each dimension's weight in the overall."""
    return {
        row.key: Fraction(row.weight_numerator, row.weight_denominator)
        for row in rubric.dimensions.all()
    }


def overall_scale(scales: Mapping[str, Scale], weights: Mapping[str, Fraction]) -> Scale:
    """Every value that the weighted sum of the dimensions' levels can take."""
    return Scale.of([float(value) for value in overall_values(scales, weights)])


def overall_values(scales: Mapping[str, Scale], weights: Mapping[str, Fraction]) -> list[Fraction]:
    """The same values exactly, in order.

    Dimension by dimension: many combinations of levels have one sum.

    Raises:
        ValueError: more values than a scale may have.
    """
    sums = {Fraction(0)}
    for key, scale in scales.items():
        steps = [Fraction(value) * weights[key] for value in scale.values]
        sums = {total + step for total in sums for step in steps}
        check_number_of_levels(len(sums))
    return sorted(sums)
