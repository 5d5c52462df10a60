import pytest
from django.db import DatabaseError, connection, transaction

from annotation_app.enums import AuditVerb
from annotation_app.models import AuditEvent, AuditSeal
from annotation_app.services.alerts.audit_checks import verify_audit_log
from annotation_app.services.audit.events import record_event
from annotation_app.services.audit.seals import seal_audit_log

pytestmark = pytest.mark.django_db(transaction=True)


def note(text):
    return record_event(
        actor=None, verb=AuditVerb.CHANGED, object_type="test", object_id=1, data={"text": text}
    )


def force(statement, key):
    """Change rows behind the triggers' back, as an attacker with the owner's rights would."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, [key])
        cursor.execute("SET session_replication_role = DEFAULT")


def test_the_database_refuses_to_change_or_delete_an_event():
    event = note("first")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(data={})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()


def test_seals_cover_every_event_once_and_chain():
    note("a")
    note("b")
    assert seal_audit_log() == 2
    assert seal_audit_log() == 0
    note("c")
    assert seal_audit_log() == 1
    first, second = AuditSeal.objects.order_by("id")
    assert first.last_event < second.first_event
    assert verify_audit_log() == []


def test_a_changed_event_and_a_removed_one_are_found():
    note("a")
    kept = note("b")
    seal_audit_log()
    gone = note("c")
    note("d")
    seal_audit_log()
    force("UPDATE annotation_app_auditevent SET data = '{}' WHERE id = %s", kept.pk)
    force("DELETE FROM annotation_app_auditevent WHERE id = %s", gone.pk)
    changed, removed = verify_audit_log()
    assert (changed["kind"], changed["last"]) == ("changed", kept.pk)
    assert (removed["kind"], removed["sealed"], removed["present"]) == ("removed", 2, 1)
