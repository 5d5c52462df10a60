"""The words that the workbench's modules say, in the language of the request."""

from django.utils.translation import gettext as _

from annotation_app.enums import MissingReason


def page_strings() -> dict[str, str]:
    """Return message names and texts; `{name}` marks what a module fills in."""
    reasons = {f"reason.{value}": str(label) for value, label in MissingReason.choices}
    return _saving() | _scoring() | _moving() | reasons


def _saving() -> dict[str, str]:
    """What becomes of the work."""
    return {
        "saved": _("saved"),
        "saving": _("saving…"),
        "offline": _("offline, {count} waiting"),
        "offlineDraft": _("offline, draft kept here"),
        "waiting": _("{count} waiting to be sent"),
        "draftHere": _("draft kept in this browser only"),
        "unsaved": _("not saved"),
        "signedOut": _("signed out, {count} waiting"),
        "signIn": _("Sign in"),
        "keepsNothing": _(
            "This browser cannot save your work: leave this page open until everything "
            "has been sent."
        ),
        "serverDown": _("The site is not responding as it should. Your ratings are kept."),
        "dismiss": _("Dismiss"),
        "signInAgain": _(
            "You are signed out. Sign in again in a new window: your work is not lost."
        ),
        "left": _("Submit ({count} left)"),
        "submit": _("Submit"),
        "submitChange": _("Save the change"),
    }


def _scoring() -> dict[str, str]:
    """Candidates and their scores."""
    return {
        "source": _("source"),
        "candidate": _("candidate {letter}"),
        "scored": _("Candidate {letter}, {dimension}: {score}"),
        "cannotJudgePlain": _("cannot judge"),
        "scaled": _("{width} × {height}, shown at the source's scale"),
        "noPicture": _("An image could not be loaded. It is tried again when you move on."),
        "cannotJudge": _("cannot judge: {reason}"),
        "active": _("Candidate {letter}, {dimension}"),
        "unscored": _("not scored"),
        "ranking": _("ranking so far"),
    }


def _moving() -> dict[str, str]:
    """From item to item."""
    return {
        "superseded": _(
            "Someone finished this item first. Your rating is kept and paid, but not counted."
        ),
        "stored": _("Saved."),
        "changed": _("The change is saved."),
        "otherWindow": _(
            "This item was submitted in another window. That result is kept; this "
            "window has moved on."
        ),
        "refused": _("The server refused this rating: {message}"),
        "nothing": _("There are no more items for you in this campaign right now."),
        "nothingMore": _("Check back later, or choose another campaign."),
        "loading": _("Fetching the next item…"),
        "offlineEmpty": _(
            "You are offline and have rated every item that was loaded. Your ratings are kept here."
        ),
        "leaseOver": _(
            "The lease on this item expired. Your scores are kept: submit them, and "
            "they count if no one else was faster."
        ),
        "skipped": _("Skipped."),
        "flagged": _("Flagged. Thank you."),
        "noUndo": _("There is nothing to undo."),
        "undone": _("Undone."),
        "reopened": _("You are changing an item that you submitted."),
        "closed": _("That item can no longer be changed."),
        "notNow": _("That item could not be loaded. Try again in a moment."),
        "noGuideline": _("The guideline could not be loaded."),
        "sizes": _("The difference map needs images of the same size; these are {a} and {b}."),
        "incomplete": _("{count} scores are missing."),
        "break": _("You have worked for {minutes} minutes. A short break keeps scores consistent."),
        "newGuideline": _("This item follows guideline v{number}. Its wording has changed."),
        "today": _("{done} of {target} today"),
        "median": _("{seconds} s median"),
        "goal": _("campaign {percent} % done"),
        "minutesLeft": _("lease {minutes} min"),
        "leaseEnded": _("lease expired"),
        "noteKept": _("The note is saved with this item."),
    }
