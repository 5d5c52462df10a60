"""The few collective operations of training; with a single process they have no effect."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import TypeVar, cast

import torch
from accelerate import PartialState  # type: ignore[import-untyped]  # ships no types
from torch import Tensor, distributed, nn

from modeling.losses import Totals

Shared = TypeVar("Shared")
_BUCKET = 2**23  # numbers of a message: 32 MiB in fp32


def join_processes() -> None:
    """Join the process group that torchrun or accelerate announced; no effect if alone."""
    PartialState(cpu=not torch.cuda.is_available())


def world_size() -> int:
    """Number of training processes."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def process_index() -> int:
    """This process's place among them."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def process_device() -> torch.device:
    """Where this process computes and sends from."""
    device: torch.device = PartialState().device
    return device


class SharedTotals:
    """Denominators per process such that averaged gradients equal one big batch's.

    They are summed while the process computes: only reading them waits.
    """

    def __init__(self, counts: Totals, device: torch.device) -> None:
        self._totals = counts
        self._sums = torch.tensor(astuple(counts), device=device, dtype=torch.float32)
        self._under_way = None
        if world_size() > 1:
            self._under_way = distributed.all_reduce(self._sums, async_op=True)

    def wait(self) -> Totals:
        """The denominators, once every process has reported its counts."""
        if self._under_way is not None:
            self._under_way.wait()
            self._under_way = None
            self._totals = Totals(*self._sums.tolist())
        return Totals(*(value / world_size() for value in astuple(self._totals.divisors())))


def any_process(*, flag: bool, device: torch.device) -> bool:
    """Whether the flag is raised anywhere."""
    if world_size() == 1:
        return flag
    value = torch.tensor(float(flag), device=device)
    distributed.all_reduce(value, op=distributed.ReduceOp.MAX)
    return bool(value > 0)


def gather(own: Shared) -> list[Shared]:
    """What each process has, in their order; it must pickle."""
    if world_size() == 1:
        return [own]
    all_of_them: list[Shared | None] = [None] * world_size()
    distributed.all_gather_object(all_of_them, own)
    return cast("list[Shared]", all_of_them)


def average_gradients(parameters: Iterable[nn.Parameter], *, flags: Tensor) -> Tensor:
    """Replace each gradient by its mean over the processes; which flags are raised anywhere.

    The flags travel with the first gradients: every message must be waited for.
    """
    if world_size() == 1:
        return flags
    raised = flags.float()
    for bucket in _buckets([raised, *_gradients(parameters)]):
        # One message instead of many small ones.
        joined = torch.cat([part.flatten() for part in bucket])
        distributed.all_reduce(joined)
        joined /= world_size()
        parts = torch.split(joined, [part.numel() for part in bucket])
        for own, part in zip(bucket, parts, strict=True):
            own.copy_(part.view_as(own))
    return raised > 0


def _gradients(parameters: Iterable[nn.Parameter]) -> Iterator[Tensor]:
    for parameter in parameters:
        if parameter.requires_grad:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            yield parameter.grad


def _buckets(gradients: Iterable[Tensor]) -> Iterator[list[Tensor]]:
    """Neighbours of one type, each bucket up to ``_BUCKET`` numbers or a single gradient."""
    bucket: list[Tensor] = []
    size = 0
    for gradient in gradients:
        full = size + gradient.numel() > _BUCKET
        if bucket and (full or gradient.dtype != bucket[0].dtype):
            yield bucket
            bucket, size = [], 0
        bucket.append(gradient)
        size += gradient.numel()
    if bucket:
        yield bucket


def is_first_process() -> bool:
    """Whether this process writes the results."""
    return process_index() == 0


def take_idle_cores() -> None:
    """Compute also with the threads of the other processes, which wait for this one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(max(threads, min(os.cpu_count() or 1, threads * world_size())))


def wait_for_all() -> None:
    """Return once every process has come here."""
    if distributed.is_initialized():
        distributed.barrier()
