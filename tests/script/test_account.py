"""Folders that change hands when the private services start as root."""

import os

import pytest
from embedded.account import Account, make_private_dir

SELF = Account(uid=os.geteuid(), gid=os.getegid())


def test_a_new_folder_is_entered_by_its_owner_only(tmp_path):
    make_private_dir(tmp_path / "a" / "b", SELF)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_link_in_the_place_of_the_folder_hands_nothing_over(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(elsewhere)
    given = []
    monkeypatch.setattr(os, "chown", lambda *args, **_kwargs: given.append(args))
    monkeypatch.setattr(os, "fchown", lambda *args: given.append(args))
    with pytest.raises(PermissionError, match="or is a link"):
        make_private_dir(tmp_path / "link", SELF)
    assert given == []
    assert elsewhere.stat().st_mode & 0o777 == 0o755
