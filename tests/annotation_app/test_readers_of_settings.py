"""What settings read of the environment: the key, trusted proxies, the device, limits."""

import os
import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from annotation_app.settings import env


def test_the_key_file_is_readable_by_its_owner_from_its_first_moment(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "DATA_ROOT", tmp_path / "data")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    seen = []
    make = tempfile.mkstemp

    def mkstemp(**options):
        handle, path = make(**options)
        seen.append(Path(path).stat().st_mode & 0o777)
        return handle, path

    monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
    mask = os.umask(0)  # the most careless of all callers
    try:
        key = env.secret_key()
    finally:
        os.umask(mask)
    file = tmp_path / "data" / "secret_key"
    assert seen == [0o600]
    assert file.stat().st_mode & 0o777 == 0o600
    assert env.secret_key() == key == file.read_text()
    assert [one.name for one in file.parent.iterdir()] == ["secret_key"]


def test_a_process_that_comes_second_takes_the_key_of_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "DATA_ROOT", tmp_path)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = "k" * 50

    def link(_source, target):
        target.write_text(first)
        raise FileExistsError

    monkeypatch.setattr(os, "link", link)
    assert env.secret_key() == first


def test_settings_that_make_no_sense_are_refused_with_their_name(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example")
    with pytest.raises(ImproperlyConfigured, match=r"TRUSTED_PROXIES.*proxy\.example"):
        env.trusted_proxies()
    monkeypatch.setenv("PROXY_COUNT", "0")
    with pytest.raises(ImproperlyConfigured, match="PROXY_COUNT"):
        env.proxy_count()


@pytest.mark.parametrize("name", ["auto", "cpu", "cuda", "cuda:1", "mps"])
def test_a_device_is_taken_by_its_name(monkeypatch, name):
    monkeypatch.setenv("MODEL_DEVICE", name)
    assert env.model_device() == name


def test_the_device_is_chosen_by_itself_where_none_is_named(monkeypatch):
    monkeypatch.delenv("MODEL_DEVICE", raising=False)
    assert env.model_device() == "auto"
    monkeypatch.setenv("MODEL_DEVICE", "")
    assert env.model_device() == "auto"


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:-1", "cuda:1,2", "CPU", "cpu:0 "])
def test_a_device_that_is_none_is_refused_with_what_may_be_set(monkeypatch, name):
    monkeypatch.setenv("MODEL_DEVICE", name)
    with pytest.raises(ImproperlyConfigured, match=r"MODEL_DEVICE is .*auto, cpu, cuda"):
        env.model_device()


def test_a_limit_is_a_whole_number_above_zero(monkeypatch):
    monkeypatch.setenv("IMAGE_MAX_PIXELS", " 5000 ")
    assert env.whole_number("IMAGE_MAX_PIXELS", 7) == 5000
    monkeypatch.setenv("IMAGE_MAX_PIXELS", "")
    assert env.whole_number("IMAGE_MAX_PIXELS", 7) == 7
    for wrong in ("0", "-1", "64 MP", "1e6", "²"):
        monkeypatch.setenv("IMAGE_MAX_PIXELS", wrong)
        with pytest.raises(ImproperlyConfigured, match=r"IMAGE_MAX_PIXELS.*whole number"):
            env.whole_number("IMAGE_MAX_PIXELS", 7)
