"""One of several training processes: ``python -m tests.modeling.worker DATA OUTPUT CONFIG``."""

import json
import sys
from pathlib import Path

import torch

from modeling.config import TrainConfig
from modeling.trainer import train

if __name__ == "__main__":
    torch.set_num_threads(1)
    data, output, config = sys.argv[1:]
    result = train(TrainConfig.from_json(json.loads(config)), data=Path(data), output=Path(output))
    if result.metrics:  # the first process alone judges the model
        Path(output).with_suffix(".json").write_text(json.dumps(result.metrics))
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
