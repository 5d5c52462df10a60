"""People rate over HTTP while each process of script/demo is ended by signal 9, one after another.

A separate site is served, on the loopback address only, and removed in the end. Every
acknowledged rating must be there exactly once, everything must be back by itself, and every job
must end. Unlike other studies it needs minutes with `--quick` too: --seconds S (120, long 600),
--clients N (8), --only "redis,beat" (instead of everything), --seed N (1).
"""

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import psycopg

from benchmarks.installation import run_module
from benchmarks.outages.clients import NotAnsweredError, Person, Rater
from benchmarks.outages.ends import own_ends
from benchmarks.outages.killing import EVERYTHING, SUPERVISED, Kill, Killer
from benchmarks.outages.own_site import OwnSite, own_site
from benchmarks.targets import Result, StudyRefusedError, at_least, at_most, holds

CLIENTS, TASKS_PER_CLIENT_AND_SECOND = 8, 5
BACK_SECONDS = 30
JOBS_END_SECONDS = 180.0  # a killed job is found silent after 30 and has three attempts
ASK_EVERY = 8.0  # seconds between two jobs that are asked for
LONGEST = 2.5  # times the seconds asked for, until each process was killed once


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Serve, let people work, kill, and count what is left."""
    seconds = float(options.get("seconds", 120 if quick else 600))
    clients = int(options.get("clients", CLIENTS))
    targets = _targets(options)
    rng = random.Random(int(options.get("seed", 1)))  # noqa: S311 - which process, no secret
    with own_site() as site:
        tasks = round(clients * seconds * LONGEST * TASKS_PER_CLIENT_AND_SECOND)
        words = (str(tasks), str(clients))
        world = run_module(site.environment, "benchmarks.ratings.prepare", *words)
        crowd = _Crowd(site, world)
        killer = Killer(site, crowd.admin, rng)
        kills = _kill_for(killer, targets, rng, seconds)
        crowd.stop()
        states = _wait_for_jobs(site)
        figures = _figures(crowd, kills, states, _stored(site))
        figures["restarts"] = {name: one["restarts"] for name, one in site.processes().items()}
        figures["ends_by_itself"] = [asdict(one) for one in own_ends(site.log(), SUPERVISED)]
    return _verdict(figures, targets)


def _targets(options: Mapping[str, str]) -> list[str]:
    wanted = [name for name in options.get("only", "").split(",") if name] or list(EVERYTHING)
    unknown = [name for name in wanted if name not in EVERYTHING]
    if unknown:
        raise StudyRefusedError(f"--only {unknown[0]}: choose of {', '.join(EVERYTHING)}")
    return wanted


class _Crowd:
    """The raters at work, and an admin who asks for a report now and then."""

    def __init__(self, site: OwnSite, world: Mapping[str, Any]) -> None:
        self.stopped = threading.Event()
        self.admin = Person(site.port)
        logins = json.loads((site.data / "demo-logins.json").read_text())
        self.admin.sign_in("admin", logins["admin"])
        self.raters = []
        for name in world["people"]:
            person = Person(site.port)
            person.sign_in(name, world["password"])
            self.raters.append(Rater(person, world["slug"], self.stopped))
        self.asked = 0
        self._slug = world["slug"]
        asker = Person(site.port, dict(self.admin.cookies))
        self._threads = [threading.Thread(target=rater.work) for rater in self.raters]
        self._threads.append(threading.Thread(target=self._ask, args=(asker,)))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let everyone finish what they have begun."""
        self.stopped.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, asker: Person) -> None:
        while not self.stopped.wait(ASK_EVERY):
            try:
                asker.ask("POST", f"/campaigns/{self._slug}/agreement/freeze/", form={})
                self.asked += 1
            except NotAnsweredError:
                continue


def _kill_for(
    killer: Killer, targets: Sequence[str], rng: random.Random, seconds: float
) -> list[Kill]:
    """Kill in random order until the time is over and each was killed once."""
    began = time.monotonic()
    kills: list[Kill] = []
    waiting: list[str] = []
    while time.monotonic() - began < seconds * LONGEST:
        killed = {one.what for one in kills}
        if time.monotonic() - began > seconds and killed >= set(targets):
            break
        if not waiting:
            waiting = rng.sample(targets, len(targets))
        what = waiting.pop()
        if time.monotonic() - began > seconds and what in killed:
            continue
        done = killer.kill(what)
        if done is None:  # no job runs just now: later
            waiting.insert(0, what)
            time.sleep(0.2)
            continue
        kills.append(done)
        print(f"{done.what}: back after {done.seconds} s", file=sys.stderr)
        time.sleep(rng.uniform(0.5, 2.0))
    return kills


def _wait_for_jobs(site: OwnSite) -> dict[str, int]:
    """How many jobs are in which state, once all have ended or the time for that is over."""
    ends = time.monotonic() + JOBS_END_SECONDS
    with psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as database:
        while True:
            rows = database.execute("SELECT state, error FROM annotation_app_job").fetchall()
            states = Counter(str(state) for state, _ in rows)
            if not states["queued"] + states["running"] or time.monotonic() > ends:
                states["ended without a message"] = sum(
                    state == "failed" and not error for state, error in rows
                )
                return dict(states)
            time.sleep(0.5)


def _stored(site: OwnSite) -> Counter[str]:
    with psycopg.connect(site.environment["DATABASE_URL"]) as database:
        rows = database.execute("SELECT client_uuid FROM annotation_app_rating").fetchall()
    return Counter(str(uuid) for (uuid,) in rows)


def _figures(
    crowd: _Crowd, kills: Sequence[Kill], states: Mapping[str, int], stored: Counter[str]
) -> dict[str, Any]:
    acknowledged = {one for rater in crowd.raters for one in rater.acknowledged}
    tried = {one for rater in crowd.raters for one in rater.tried}
    refused = [text for rater in crowd.raters for text in rater.refused]
    return {
        "clients": len(crowd.raters),
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - set(stored)),
        "twice": sum(number > 1 for number in stored.values()),
        "stored_but_never_sent": len(set(stored) - tried),
        "requests_tried_again": sum(len(rater.unanswered) for rater in crowd.raters),
        "refused": len(refused),
        "refused_examples": sorted(set(refused))[:3],
        "longest_wait_of_a_client_s": round(max(rater.longest for rater in crowd.raters), 1),
        "kills": [(one.what, one.seconds) for one in kills],
        "slowest_return_s": max((one.seconds for one in kills), default=0.0),
        "jobs_asked": crowd.asked,
        "jobs": dict(states),
    }


def _verdict(figures: dict[str, Any], targets: Sequence[str]) -> Result:
    jobs = figures["jobs"]
    unfinished = jobs.get("queued", 0) + jobs.get("running", 0)
    killed = {what for what, _ in figures["kills"]}
    return Result(
        figures=figures,
        targets=[
            at_least("ratings acknowledged", figures["acknowledged"], figures["clients"]),
            at_most("acknowledged ratings that are lost", figures["lost"], 0),
            at_most("ratings stored twice", figures["twice"], 0),
            at_most("ratings that no one sent", figures["stored_but_never_sent"], 0),
            at_most(
                "seconds until all is back, slowest", figures["slowest_return_s"], BACK_SECONDS
            ),
            at_most("jobs that have not ended", unfinished, 0),
            at_most("jobs failed without a message", jobs["ended without a message"], 0),
            holds("every process was killed", met=killed >= set(targets)),
        ],
    )
