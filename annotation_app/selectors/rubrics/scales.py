"""The scales of a rubric's dimensions and their weights in the overall."""

from fractions import Fraction

from analytics.scales import Scale
from annotation_app.models import Rubric


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
