"""Typed readers of the environment; every name read here is in .env.example."""

import os
import re
import tempfile
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

SHORTEST_KEY = 40  # characters; about 200 random bits
DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,3})?")
ROOT = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
environ.Env.read_env(ROOT / ".env", overwrite=False)
# What script/demo, or else script/demo --empty, serves just now: the servers and data of one
# installation, never parts of two. The commands in script/ have chosen before.
if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    _saved = [ROOT / "var" / "services" / site / "environment" for site in ("site", "empty")]
    for _file in [file for file in _saved if file.exists()][:1]:
        environ.Env.read_env(_file, overwrite=False)

DATA_ROOT: Path = (ROOT / env.str("DATA_ROOT", default="var")).resolve()


def secret_key() -> str:
    """The secret key: SECRET_KEY, or the generated file of this installation.

    A key is never written in the repository. Where neither the variable nor the file exists, a
    fresh key is generated into the data folder, readable by its owner only.

    Raises:
        ImproperlyConfigured: if the key is shorter than 40 characters.
    """
    key = env.str("SECRET_KEY", default="") or _key_file().read_text().strip()
    if len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(f"SECRET_KEY must have at least {SHORTEST_KEY} characters.")
    return key


def trusted_proxies() -> list[str]:
    """TRUSTED_PROXIES: addresses and networks, or `unix` for a socket file.

    Raises:
        ImproperlyConfigured: if one is neither.
    """
    listed = [one.strip() for one in env.list("TRUSTED_PROXIES", default=[]) if one.strip()]
    try:
        for one in listed:
            if one != "unix":
                ip_network(one)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES: {error}. List addresses, networks such as 172.16.0.0/12, or unix."
        ) from error
    return listed


def proxy_count() -> int:
    """PROXY_COUNT: how many proxies a request passes, one after the other.

    Raises:
        ImproperlyConfigured: if it is below 1.
    """
    count: int = env.int("PROXY_COUNT", default=1)
    if count < 1:
        raise ImproperlyConfigured(
            "PROXY_COUNT must be 1 or more: the number of proxies in front of the site."
        )
    return count


def model_device() -> str:
    """MODEL_DEVICE: where reward models are trained and asked.

    Raises:
        ImproperlyConfigured: if it is not the name of a device.
    """
    name: str = env.str("MODEL_DEVICE", default="") or "auto"
    if not DEVICE.fullmatch(name):
        raise ImproperlyConfigured(
            f"MODEL_DEVICE is {name!r}: set it to auto, cpu, cuda, cuda:1 (the second GPU) or mps."
        )
    return name


def whole_number(name: str, default: int) -> int:
    """A variable that is a whole number above 0; the default where it is unset or empty.

    Raises:
        ImproperlyConfigured: if it is anything else.
    """
    text: str = env.str(name, default="").strip()
    if text and (not text.isdecimal() or int(text) < 1):
        raise ImproperlyConfigured(f"{name} is {text!r}: set it to a whole number above 0.")
    return int(text) if text else default


def _key_file() -> Path:
    """The generated key's file; never readable by others, not for a moment.

    Two processes may start at once: the link is made by the first one only, and both read it.
    """
    path = DATA_ROOT / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(prefix="secret_key.", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(get_random_secret_key())
            with suppress(FileExistsError):
                os.link(fresh, path)
        finally:
            Path(fresh).unlink()
    return path
