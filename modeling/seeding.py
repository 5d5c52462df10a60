"""The only place that seeds torch; training, tests and probes call it."""

import torch


def seed_everything(seed: int) -> None:
    """Seed torch's global generator, which weight initialisation draws from."""
    torch.manual_seed(seed)


def generator(seed: int) -> torch.Generator:
    """A private CPU generator for shuffling and sampling."""
    return torch.Generator().manual_seed(seed)
