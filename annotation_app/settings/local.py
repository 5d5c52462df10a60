"""One machine, loopback only: script/demo and everyday development."""

from annotation_app.settings.base import *
from annotation_app.settings.env import env

DEBUG = env.bool("DEBUG", default=False)
