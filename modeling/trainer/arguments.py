"""transformers' training arguments from a :class:`TrainConfig`."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from transformers import TrainingArguments

from modeling.config import PrecisionName, ScheduleName, TrainConfig

_SCHEDULES = {
    ScheduleName.COSINE: "cosine",
    ScheduleName.CONSTANT: "constant_with_warmup",
}

# Modules above this size are sharded one by one; a decoder layer of a 7B model has 230 million.
_SHARDING = {"auto_wrap_policy": "SIZE_BASED_WRAP", "min_num_params": 50_000_000}


def training_arguments(
    config: TrainConfig, folder: Path, *, items: int, processes: int, evaluate: bool
) -> TrainingArguments:
    """Arguments of one run whose resumable states go to ``folder``."""
    steps = total_steps(config, items=items, processes=processes)
    interval = max(1, math.ceil(steps / config.evaluations_per_run))
    return TrainingArguments(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=config.groups_per_batch,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        lr_scheduler_type=_SCHEDULES[config.schedule],
        warmup_steps=math.ceil(config.warmup_ratio * steps),
        max_grad_norm=config.gradient_norm,
        bf16=config.precision is PrecisionName.BF16,
        eval_strategy="steps" if evaluate else "no",
        eval_steps=interval,
        save_strategy="steps",
        save_steps=interval,
        save_total_limit=config.keep_checkpoints,
        load_best_model_at_end=evaluate,
        metric_for_best_model="eval_pair_nll" if evaluate else None,
        greater_is_better=False if evaluate else None,
        logging_steps=max(1, interval // 4),
        seed=config.seed,
        data_seed=config.seed,
        dataloader_num_workers=config.workers,
        dataloader_pin_memory=torch.cuda.is_available(),
        remove_unused_columns=False,
        restore_callback_states_from_checkpoint=True,  # the patience already spent, above all
        logging_nan_inf_filter=False,  # such a loss ends the run
        label_names=[],
        report_to="none",
        disable_tqdm=True,
        use_cpu=not torch.cuda.is_available(),
        fsdp=config.fsdp or None,  # type: ignore[arg-type]  # its annotation lags behind its help
        fsdp_config=_SHARDING if config.fsdp else None,
    )


def total_steps(config: TrainConfig, *, items: int, processes: int) -> int:
    """Optimiser steps of a run."""
    if config.max_steps > 0:
        return config.max_steps
    per_epoch = math.ceil(items / (config.groups_per_batch * processes))
    return max(1, math.ceil(per_epoch * config.epochs))
