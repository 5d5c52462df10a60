"""Quality rules have bounds; figures beyond them, which broke pages and checks, move to the bound."""

import django.core.validators
from django.db import migrations, models


BOUNDS = {
    "attempt_items": (1, 1000),
    "most_attempts": (1, 1000),
    "wait_hours": (0.0, 8784.0),
    "absence_days": (0, 3660),
    "repeat_after_days": (0.0, 3660.0),
    "good_accuracy": (0.001, 0.999),
    "bad_accuracy": (0.001, 0.999),
    "false_alarm": (1e-06, 0.5),
    "miss": (1e-06, 0.5),
    "rerate_days": (0, 3660),
    "csp_clearance": (1, 1000),
    "csp_fraction": (0.001, 1.0),
    "fast_least_seconds": (0.0, 3600.0),
    "fast_notice": (0, 1000),
    "fast_pause": (0, 1000),
    "skip_notice": (0, 1000),
    "skip_pause": (0, 1000),
    "straight_notice": (0, 1000),
    "straight_pause": (0, 1000),
    "drift_run_length": (100, 10000000),
    "dispute_range": (0, 1000),
    "dispute_gap": (0.0, 1000.0),
    "dispute_entropy": (0.0, 10.0),
}


def move_to_bounds(apps, schema_editor):
    for plan in apps.get_model("annotation_app", "QualityPlan").objects.all():
        before = {name: getattr(plan, name) for name in BOUNDS}
        # what is not a number compares as false: it becomes the lower bound
        after = {
            name: max(least, min(most, before[name])) if before[name] >= least else least
            for name, (least, most) in BOUNDS.items()
        }
        if after["bad_accuracy"] >= after["good_accuracy"]:
            after |= {"bad_accuracy": 0.7, "good_accuracy": 0.9}
        if after != before:
            for name, value in after.items():
                setattr(plan, name, value)
            plan.save(update_fields=list(after))


class Migration(migrations.Migration):
    dependencies = [
        ("annotation_app", "0033_audit_checks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("below_gate", "Agreement below the gate"),
                    ("annotator_paused", "Annotator paused"),
                    ("queue_starved", "Tasks running out"),
                    ("store_differs", "Live figures differed from the ratings"),
                    ("report_differs", "A report failed verification"),
                    ("checks_failed", "Quality checks failed"),
                    ("flagged_elsewhere", "Items flagged in another campaign"),
                    ("withdrawn_elsewhere", "Items withdrawn outside the campaign"),
                    ("audit_changed", "The sealed audit log was changed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="absence_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="qualify again after so long without work; 0: never",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(3660),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="attempt_items",
            field=models.PositiveSmallIntegerField(
                default=5,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="bad_accuracy",
            field=models.FloatField(
                default=0.7,
                validators=[
                    django.core.validators.MinValueValidator(0.001),
                    django.core.validators.MaxValueValidator(0.999),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="csp_clearance",
            field=models.PositiveSmallIntegerField(
                default=20,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="dispute_entropy",
            field=models.FloatField(
                default=0.0,
                help_text="bits of the facet model's level; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(10.0),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="dispute_gap",
            field=models.FloatField(
                default=2.0,
                help_text="opposite preferences by so much of the overall; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1000.0),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="dispute_range",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="levels apart on a dimension; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="drift_run_length",
            field=models.PositiveIntegerField(
                default=20000,
                help_text="items with overlap between two false alarms on a steady annotator",
                validators=[
                    django.core.validators.MinValueValidator(100),
                    django.core.validators.MaxValueValidator(10000000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="false_alarm",
            field=models.FloatField(
                default=0.01,
                validators=[
                    django.core.validators.MinValueValidator(1e-06),
                    django.core.validators.MaxValueValidator(0.5),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="fast_least_seconds",
            field=models.FloatField(
                default=3.0,
                help_text="an item takes at least",
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(3600.0),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="fast_notice",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="in a row; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="fast_pause",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="in a row; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="good_accuracy",
            field=models.FloatField(
                default=0.9,
                validators=[
                    django.core.validators.MinValueValidator(0.001),
                    django.core.validators.MaxValueValidator(0.999),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="miss",
            field=models.FloatField(
                default=0.05,
                validators=[
                    django.core.validators.MinValueValidator(1e-06),
                    django.core.validators.MaxValueValidator(0.5),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="most_attempts",
            field=models.PositiveSmallIntegerField(
                default=3,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="repeat_after_days",
            field=models.FloatField(
                default=7.0,
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(3660.0),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="rerate_days",
            field=models.PositiveSmallIntegerField(
                default=7,
                help_text="of work rated again after a pause by gold or drift; 0: none",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(3660),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="skip_notice",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="in a row; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="skip_pause",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="in a row; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="straight_notice",
            field=models.PositiveSmallIntegerField(
                default=4,
                help_text="items in a row with the same scores for all candidates; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="straight_pause",
            field=models.PositiveSmallIntegerField(
                default=8,
                help_text="in a row; 0: off",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1000),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="qualityplan",
            name="wait_hours",
            field=models.FloatField(
                default=24.0,
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(8784.0),
                ],
            ),
        ),
        migrations.RunPython(move_to_bounds, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="qualityplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(**{f"{name}__range": bounds}) for name, bounds in BOUNDS.items())
                ),
                name="quality_figures_in_bounds",
            ),
        ),
    ]
