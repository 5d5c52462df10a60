"""The whole loop on the site: a simulated campaign, a real worker, a model against its ceilings.

The demo runs in a separate installation: drawn, imported, rated by simulated annotators (three each
item, a spammer among ten), exported and trained on by a Celery worker. The trained model's accuracy
on held-out pairs is shown with chance, the always-tie floor and the ceiling that the known truth
allows. Options: --items N (200), --epochs N (12), --rated SHARE (1.0).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import psycopg
from psycopg import sql

from analytics.ranking.proportions import Proportion, clopper_pearson
from analytics.tabular.reading import read_sound
from benchmarks.targets import Result, at_least, holds
from simulation.annotators.rosters import Plant, build_roster
from simulation.ceilings import AccuracyCeiling, accuracy_ceilings
from simulation.ratings import tabulate_truth
from simulation.world import World

NEEDS_SERVICES = True
CHECKOUT = Path(__file__).resolve().parent.parent
# What `manage.py demo` uses: its world, its roster, its raters of each item.
WORLD_SEED, ROSTER_SEED, ROSTER_SIZE, RATERS = 7, 11, 10, 3
CHANCE = 0.5
Group = dict[str, Any]


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Runs the demo in a separate folder and database schema, then evaluates its model."""
    items = int(options.get("items", 24 if quick else 200))
    epochs = int(options.get("epochs", 2 if quick else 12))
    rated = float(options.get("rated", 1.0))
    with tempfile.TemporaryDirectory(prefix="editjury-loop-") as folder:
        data = Path(folder)
        seconds = _run_demo(data, items=items, epochs=epochs, rated=rated)
        [export] = [path for path in (data / "exports").iterdir() if path.is_dir()]
        [checkpoint] = [
            path for path in (data / "models").iterdir() if (path / "config.json").exists()
        ]
        metrics = json.loads((checkpoint / "config.json").read_text())["metrics"]["test"]
        rows = read_sound(export / "groups.jsonl")
    groups = [row for row in rows if row["split"] == "test"]
    ceilings = _ceilings(World(seed=WORLD_SEED, items=items), groups)
    return _result(metrics, groups, ceilings, seconds, quick=quick)


def _result(
    metrics: dict[str, float],
    groups: list[Group],
    ceilings: dict[str, AccuracyCeiling],
    seconds: float,
    *,
    quick: bool,
) -> Result:
    accuracy, pairs = metrics["accuracy_overall"], int(metrics["pairs_overall"])
    interval = clopper_pearson(Proportion(round(accuracy * pairs), pairs))
    low, high = (interval.bounds if interval else None) or (0.0, 1.0)
    figures = {
        "test_items": len(groups),
        "test_pairs": pairs,
        "accuracy": accuracy,
        "accuracy_95": [low, high],
        "accuracy_if": metrics["accuracy_if"],
        "accuracy_vq": metrics["accuracy_vq"],
        "always_tie_floor": _tie_share(groups),
        "random_score_floor": CHANCE,
        "ceiling": ceilings["overall"].strict,
        "ceiling_if": ceilings["if"].strict,
        "ceiling_vq": ceilings["vq"].strict,
        "share_of_ceiling": accuracy / ceilings["overall"].strict,
        "loop_seconds": round(seconds, 1),
    }
    if quick:  # two epochs on a handful of items show that the loop closes, not how well it learns
        return Result(figures=figures, targets=[holds("the loop closes", met=pairs > 0)])
    return Result(
        figures=figures,
        targets=[at_least("lower bound of the accuracy above chance", low, CHANCE)],
    )


def _tie_share(groups: list[Group]) -> float:
    """Share of the scored test pairs whose overall is equal: what always saying tie would get."""
    ties = total = 0
    for group in groups:
        overall = [
            sum(score["numerator"] / score["denominator"] for score in one["scores"].values())
            for one in group["candidates"]
            if all(one["scores"].values())
        ]
        for first, second in combinations(overall, 2):
            total += 1
            ties += abs(first - second) < 1e-9
    return ties / total if total else 0.0


def _ceilings(world: World, groups: list[Group]) -> dict[str, AccuracyCeiling]:
    smallest = min(len(group["candidates"]) for group in groups)
    truth = tabulate_truth(
        [
            world.truth(group["item_id"], candidate["candidate_id"])
            for candidate in group["candidates"][:smallest]
        ]
        for group in groups
    )
    roster = build_roster(ROSTER_SEED, ROSTER_SIZE, Plant(spammers=1))
    return accuracy_ceilings(truth, roster, RATERS, np.random.default_rng(1))


def _run_demo(data: Path, *, items: int, epochs: int, rated: float) -> float:
    """Build the demo in `data` with a worker beside it; seconds it took."""
    with _fresh_database() as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DATA_ROOT": str(data),
            "DJANGO_SETTINGS_MODULE": "annotation_app.settings.local",
        }
        _manage(environment, "migrate", "--noinput", "--verbosity", "0")
        began = time.monotonic()
        with _worker(environment, data / "worker.log"):
            size = ["--items", str(items), "--epochs", str(epochs), "--rated", str(rated)]
            _manage(environment, "demo", *size)
        return time.monotonic() - began


@contextmanager
def _fresh_database() -> Iterator[str]:
    """The address of an empty database beside the configured one, dropped in the end."""
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"editjury_loop_{os.getpid()}"
    with psycopg.connect(server.geturl(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(server._replace(path=f"/{name}"))
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _manage(environment: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, stdout=sys.stderr)


@contextmanager
def _worker(environment: Mapping[str, str], log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "workers.celery_app", "worker"]
    options = ["--queues", "default,model", "--concurrency", "1", "--loglevel", "WARNING"]
    with (
        log.open("wb") as sink,
        subprocess.Popen(
            [*command, *options], cwd=CHECKOUT, env=environment, stdout=sink, stderr=sink
        ) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
