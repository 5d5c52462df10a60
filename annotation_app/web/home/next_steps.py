"""What the home page says of each campaign: the annotator's next step and their notes."""

from dataclasses import dataclass
from datetime import datetime

from annotation_app.enums import CalibrationStep
from annotation_app.models import AnnotatorNote, User
from annotation_app.selectors.people.memberships import CampaignPlace
from annotation_app.selectors.quality.calibration import Calibration, read_calibration
from annotation_app.selectors.quality.notes import unread_notes
from annotation_app.selectors.reviewing.threads import count_unread
from annotation_app.services.quality.gating import say_next_step


@dataclass(frozen=True)
class NextStep:
    """The step, its sentence (empty for plain work), the notes to show, unread answers."""

    calibration: Calibration
    sentence: str
    notes: list[AnnotatorNote]
    answers: int = 0


def next_step(user: User, place: CampaignPlace, now: datetime) -> NextStep | None:
    """The annotator's next step in a campaign; None for who does not annotate there."""
    if not place.annotates and not place.paused:
        return None
    state = read_calibration(annotator=user, campaign=place.campaign, now=now)
    sentence = "" if state.step == CalibrationStep.WORK else say_next_step(state)
    notes = list(unread_notes(annotator=user, campaign=place.campaign))
    answers = count_unread(annotator=user, campaign=place.campaign, now=now)
    return NextStep(state, sentence, notes, answers)
