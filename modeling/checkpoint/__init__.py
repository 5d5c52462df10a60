"""Saving and loading trained reward models: safetensors and JSON, never a pickle."""

from modeling.checkpoint.code import code_version
from modeling.checkpoint.guarding import CheckpointError
from modeling.checkpoint.reading import LoadedModel, load_checkpoint, read_config
from modeling.checkpoint.writing import CheckpointFacts, save_checkpoint

__all__ = [
    "CheckpointError",
    "CheckpointFacts",
    "LoadedModel",
    "code_version",
    "load_checkpoint",
    "read_config",
    "save_checkpoint",
]
