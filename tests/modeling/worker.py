"""One training process: ``python -m tests.modeling.worker DATA OUTPUT CONFIG [wrap=N] [die=STEP]``.

``wrap`` shards every module of at least N parameters by itself; ``die`` kills the process, as
``kill -9`` does, after a step.
"""

import json
import os
import signal
import sys
from pathlib import Path

import torch

from modeling.config import TrainConfig
from modeling.trainer import arguments, train


def run(data: str, output: str, config: str, *words: str) -> None:
    """Train, and write the figures beside the model."""
    options = {name: int(value) for name, _, value in (word.partition("=") for word in words)}
    if "wrap" in options:
        arguments._SHARDING["min_num_params"] = options["wrap"]

    def die(done: int, total: int, phase: str) -> None:
        if phase == "training" and done == options.get("die"):
            os.kill(os.getpid(), signal.SIGKILL)

    result = train(
        TrainConfig.from_json(json.loads(config)),
        data=Path(data),
        output=Path(output),
        progress=die,
    )
    if result.metrics:  # the first process alone judges the model
        Path(output).with_suffix(".json").write_text(json.dumps(result.metrics))


if __name__ == "__main__":
    torch.set_num_threads(1)
    run(*sys.argv[1:])
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
