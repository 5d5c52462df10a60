"""A person's own keys for the workbench."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from annotation_app.enums import WorkAction
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import User

# One printable character in lower case, or the browser's name of a key that does no harm.
PLAIN_KEY = re.compile(r"[^\s\W_]|[^\w\s]|_")
NAMED_KEYS = frozenset(
    {
        "Space", "Enter", "Backspace", "Delete", "Insert", "Home", "End", "PageUp", "PageDown",
        "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown",
    }
)  # fmt: skip

DEFAULT_KEYS: dict[WorkAction, str] = {
    WorkAction.LEVEL_1: "1",
    WorkAction.LEVEL_2: "2",
    WorkAction.LEVEL_3: "3",
    WorkAction.LEVEL_4: "4",
    WorkAction.LEVEL_5: "5",
    WorkAction.LEVEL_6: "6",
    WorkAction.LEVEL_7: "7",
    WorkAction.LEVEL_8: "8",
    WorkAction.LEVEL_9: "9",
    WorkAction.LEVEL_10: "0",
    WorkAction.PREVIOUS: "ArrowLeft",
    WorkAction.NEXT: "ArrowRight",
    WorkAction.DIMENSION_UP: "ArrowUp",
    WorkAction.DIMENSION_DOWN: "ArrowDown",
    WorkAction.SUBMIT: "Enter",
    WorkAction.UNDO: "u",
    WorkAction.CANNOT_JUDGE: "x",
    WorkAction.FLAG: "f",
    WorkAction.NOTE: "n",
    WorkAction.SKIP: "k",
    WorkAction.HELP: "?",
    WorkAction.SOURCE: "Space",
    WorkAction.SWIPE: "s",
    WorkAction.DIFFERENCE: "d",
    WorkAction.FIT: "r",
    WorkAction.PIXELS: "p",
    WorkAction.ZOOM_IN: "+",
    WorkAction.ZOOM_OUT: "-",
    WorkAction.GUIDELINE: "g",
    WorkAction.ASK: "q",
}


def keymap_of(user: User) -> dict[str, str]:
    """Return the key of every action: the person's own, else the default.

    An action has no key where its default is the person's own key of another one, which happens
    when an action is new.
    """
    own = {action: str(key) for action, key in user.keymap.items()}
    taken = set(own.values())
    return {
        action.value: own.get(action.value, "" if key in taken else key)
        for action, key in DEFAULT_KEYS.items()
    }


def set_keymap(*, user: User, keys: Mapping[str, object]) -> dict[str, str]:
    """Store a person's own keys and return the whole map.

    Raises:
        InvalidInputError: naming the action whose key is unknown, unusable or taken; no key is
            stored.
    """
    chosen = {action.value: key for action, key in DEFAULT_KEYS.items()}
    for action, key in keys.items():
        if action not in chosen:
            raise InvalidInputError(
                _("There is no action named %(action)s.") % {"action": action}, action=action
            )
        chosen[action] = _checked_key(action, key)
    taken: dict[str, str] = {}
    for action, key in chosen.items():
        if key in taken:
            raise InvalidInputError(
                _("The key %(key)s cannot be used for both “%(one)s” and “%(other)s”.")
                % {"key": key, "one": _label(taken[key]), "other": _label(action)},
                action=action,
                key=key,
            )
        taken[key] = action
    user.keymap = {
        action.value: chosen[action.value]
        for action, key in DEFAULT_KEYS.items()
        if chosen[action.value] != key
    }
    user.save(update_fields=["keymap"])
    return chosen


def _checked_key(action: str, key: object) -> str:
    if isinstance(key, str):
        if key in NAMED_KEYS:
            return key
        plain = key.strip().lower()
        if PLAIN_KEY.fullmatch(plain):
            return plain
    raise InvalidInputError(
        _("The key for “%(action)s” must be one character or one of %(named)s.")
        % {"action": _label(action), "named": ", ".join(sorted(NAMED_KEYS))},
        action=action,
    )


def _label(action: str) -> str:
    return str(WorkAction(action).label)
