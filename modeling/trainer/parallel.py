"""The few collective operations of training; without other processes they do nothing."""

from __future__ import annotations

from dataclasses import astuple

import torch
from accelerate import PartialState  # type: ignore[import-untyped]  # ships no types
from torch import distributed, nn

from modeling.losses import Totals


def join_processes() -> None:
    """Join the process group that torchrun or accelerate announced; alone it does nothing."""
    PartialState(cpu=not torch.cuda.is_available())


def world_size() -> int:
    """Number of training processes."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def share_totals(totals: Totals, device: torch.device) -> Totals:
    """Denominators per process such that averaged gradients equal one big batch's."""
    if world_size() == 1:
        return totals
    values = torch.tensor(astuple(totals), device=device, dtype=torch.float32)
    distributed.all_reduce(values)
    return Totals(*(values / world_size()).tolist())


def any_process(*, flag: bool, device: torch.device) -> bool:
    """Whether the flag is raised anywhere."""
    if world_size() == 1:
        return flag
    value = torch.tensor(float(flag), device=device)
    distributed.all_reduce(value, op=distributed.ReduceOp.MAX)
    return bool(value > 0)


def average_gradients(model: nn.Module) -> None:
    """Replace each gradient by its mean over the processes."""
    if world_size() == 1:
        return
    for parameter in model.parameters():
        if parameter.requires_grad:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            distributed.all_reduce(parameter.grad)
            parameter.grad /= world_size()


def is_first_process() -> bool:
    """Whether this process writes the results."""
    return not distributed.is_initialized() or distributed.get_rank() == 0


def wait_for_all() -> None:
    """Return once every process has come here."""
    if distributed.is_initialized():
        distributed.barrier()
