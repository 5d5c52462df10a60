"""Partition predictions by model version; let the database refuse changes of the audit log."""

from django.db import migrations

PARTITIONED = """
DROP TABLE annotation_app_prediction;
CREATE TABLE annotation_app_prediction (
    model_id bigint NOT NULL REFERENCES annotation_app_rewardmodelversion (id) DEFERRABLE INITIALLY DEFERRED,
    candidate_id bigint NOT NULL REFERENCES annotation_app_candidate (id) DEFERRABLE INITIALLY DEFERRED,
    means double precision[] NOT NULL,
    deviations double precision[] NOT NULL,
    overall_mean double precision NOT NULL,
    overall_deviation double precision NOT NULL,
    epistemic double precision NULL,
    PRIMARY KEY (model_id, candidate_id)
) PARTITION BY LIST (model_id);
CREATE TABLE annotation_app_prediction_rest PARTITION OF annotation_app_prediction DEFAULT;
CREATE INDEX annotation_app_prediction_candidate ON annotation_app_prediction (candidate_id);
"""

PLAIN = """
DROP TABLE annotation_app_prediction;
CREATE TABLE annotation_app_prediction (
    model_id bigint NOT NULL REFERENCES annotation_app_rewardmodelversion (id) DEFERRABLE INITIALLY DEFERRED,
    candidate_id bigint NOT NULL REFERENCES annotation_app_candidate (id) DEFERRABLE INITIALLY DEFERRED,
    means double precision[] NOT NULL,
    deviations double precision[] NOT NULL,
    overall_mean double precision NOT NULL,
    overall_deviation double precision NOT NULL,
    epistemic double precision NULL,
    PRIMARY KEY (model_id, candidate_id)
);
"""

APPEND_ONLY = """
CREATE FUNCTION annotation_app_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON annotation_app_auditevent
    FOR EACH ROW EXECUTE FUNCTION annotation_app_refuse_change();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON annotation_app_auditseal
    FOR EACH ROW EXECUTE FUNCTION annotation_app_refuse_change();
CREATE TRIGGER rating_revision_append_only BEFORE UPDATE OR DELETE ON annotation_app_ratingrevision
    FOR EACH ROW EXECUTE FUNCTION annotation_app_refuse_change();
CREATE TRIGGER score_append_only BEFORE UPDATE OR DELETE ON annotation_app_score
    FOR EACH ROW EXECUTE FUNCTION annotation_app_refuse_change();
"""

CHANGEABLE = """
DROP TRIGGER audit_event_append_only ON annotation_app_auditevent;
DROP TRIGGER audit_seal_append_only ON annotation_app_auditseal;
DROP TRIGGER rating_revision_append_only ON annotation_app_ratingrevision;
DROP TRIGGER score_append_only ON annotation_app_score;
DROP FUNCTION annotation_app_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("annotation_app", "0001_initial")]

    operations = [
        migrations.RunSQL(PARTITIONED, PLAIN),
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
    ]
