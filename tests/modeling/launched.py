"""What several processes are asked to do in tests, besides training: fail in every order."""

import os
import signal
import time
from pathlib import Path
from unittest.mock import patch

import torch

from modeling.cli.processes import Tell
from modeling.trainer import groups
from tests.modeling import worker


def train(tell: Tell, *arguments: str) -> int:
    """Train as :mod:`tests.modeling.worker` does."""
    worker.run(*arguments)
    return 0


def train_short_of_memory(tell: Tell, *arguments: str) -> int:
    """Train, while the second process runs out of memory at its very first try."""
    whole = groups.GroupTrainer._micro_loss
    tried: list[object] = []

    def short(trainer, *inputs):
        if _index() == 1 and not tried:
            tried.append(inputs)
            raise torch.OutOfMemoryError("none left")
        return whole(trainer, *inputs)

    with patch.object(groups.GroupTrainer, "_micro_loss", short):
        worker.run(*arguments)
    return 0


def train_in_training_mode(tell: Tell, *arguments: str) -> int:
    """Train, and fail where a network learns in the mode in which it is judged."""
    whole = groups.GroupTrainer._micro_loss

    def watched(trainer, *inputs):
        if not all(module.training for module in trainer.network.modules()):
            raise AssertionError("judging left the network in its own mode")
        return whole(trainer, *inputs)

    with patch.object(groups.GroupTrainer, "_micro_loss", watched):
        worker.run(*arguments)
    return 0


def stay(tell: Tell, folder: str) -> int:
    """Leave one's number in a folder and stay for a minute."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)
    return 0


def second_fails_first(tell: Tell) -> int:
    """The second process fails; the first complains a little later, and is the first to end."""
    if _index() == 1:
        tell("error: the second's fault\n")
        return 3
    time.sleep(0.3)
    tell("error: connection closed\n")
    return 2


def second_is_killed(tell: Tell) -> int:
    """The second process is killed; the first notices, complains and ends at once."""
    if _index() == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    tell("error: connection closed\n")
    return 2


def both_break(tell: Tell) -> int:
    """A fault of the program itself, in both."""
    raise TypeError("a fault of ours")


def second_is_silent(tell: Tell) -> int:
    """The second process fails without a word."""
    return 130 if _index() == 1 else 0


def first_waits_for_ever(tell: Tell) -> int:
    """The second fails before the first has found it."""
    if _index() == 1:
        tell("error: too early\n")
        return 2
    time.sleep(600)
    return 0


def noisy(tell: Tell) -> int:
    """More words than any pipe holds."""
    tell("x" * 1_000_000 + "\nerror: the end\n")
    return 2


def _index() -> int:
    return int(os.environ["RANK"])
