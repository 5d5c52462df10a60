from django.db import migrations

# A job's log holds lines only where its program broke. Those errors named paths to everybody; the
# log keeps their words, for operators.
SENTENCE = """
UPDATE annotation_app_job SET error = 'An unexpected error ended this job. Try again; '
    'if it fails once more, ask the operator of the site, who can read the reason in the job''s '
    'log.'
WHERE state = 'failed' AND error ~ '^[A-Za-z_]+: '
    AND EXISTS (SELECT 1 FROM annotation_app_jobline line WHERE line.job_id = annotation_app_job.id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotation_app", "0025_overalls_of_many_levels"),
    ]

    operations = [
        migrations.RunSQL(SENTENCE, migrations.RunSQL.noop),
    ]
