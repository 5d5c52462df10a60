"""What a browser held before `/api/v1`, and a world in which its entries can be delivered.

The file was written by the modules of that version, from four items in hand: the first was rated
and then changed, the second flagged and rated, the third skipped, the fourth begun.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from annotation_app.models import Campaign, Lease, User
from annotation_app.services.assignment import lease_next_task

FILE = Path(__file__).resolve().parents[1] / "data" / "browser" / "stored_before_v1.json"
STORED: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text())
TOKENS = [UUID(f"00000000-0000-4000-8000-00000000000{number}") for number in (1, 2, 3, 4)]


def lease_as_stored(campaign: Campaign, annotator: User, now: datetime) -> list[Lease]:
    """Lease four items under the very names that the stored entries have for them."""
    leases = []
    for token in TOKENS:
        lease = lease_next_task(annotator=annotator, campaign=campaign, now=now)
        Lease.objects.filter(pk=lease.pk).update(token=token)
        lease.refresh_from_db()
        leases.append(lease)
    return leases
