"""Typed readers of the environment; every name read here stands in .env.example."""

import os
import stat
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

SHORTEST_KEY = 40  # characters; about 200 random bits
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


def _key_file() -> Path:
    path = DATA_ROOT / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(get_random_secret_key())
        fresh.chmod(stat.S_IRUSR | stat.S_IWUSR)
        fresh.replace(path)
    return path
