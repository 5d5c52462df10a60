"""A person's own keys beside the defaults."""

from annotation_app.enums import WorkAction
from annotation_app.models import User
from annotation_app.services.rating.keymaps import DEFAULT_KEYS, keymap_of


def test_every_action_has_a_default_of_its_own():
    assert set(DEFAULT_KEYS) == set(WorkAction)
    assert len(set(DEFAULT_KEYS.values())) == len(DEFAULT_KEYS)


def test_a_new_action_does_not_take_a_key_that_the_person_gave_to_another_one():
    keys = keymap_of(User(keymap={"flag": "q"}))
    assert (keys["flag"], keys["ask"]) == ("q", "")
    assert keymap_of(User())["ask"] == "q"
