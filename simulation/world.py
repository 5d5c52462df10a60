"""The world's front door: items, candidates, images and truth, each a function of (seed, index).

Used by management commands, `workers.tasks.demo`, tests and benchmarks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from simulation.editors.draw import attempt_edit, draw_candidate
from simulation.editors.habits import Habits
from simulation.editors.profiles import PROFILES, draw_habits
from simulation.scenes.compose import compose_scene, crowding
from simulation.scenes.edits import CATEGORIES, Edit, changed_share, propose_edit
from simulation.scenes.graph import Scene
from simulation.scenes.instructions import CHINESE, ENGLISH, phrase_edit, phrase_vaguely
from simulation.scenes.render import render_scene, with_corners
from simulation.seeding import stream
from simulation.truth import Sight, Truth, judge_truth

SEEDS_PER_EDITOR = 2
SMALLEST_SIDE = 64


@dataclass(frozen=True)
class WorldCandidate:
    """One edited image: who made it, with which seed, what was done, how good it truly is."""

    candidate_id: str
    model: str
    seed: int
    habits: Habits
    truth: Truth
    world_seed: int
    scene: Scene
    edit: Edit

    def draw(self) -> Image.Image:
        """The image, drawn again at each call (RGB, or RGBA with round corners)."""
        rng = stream(self.world_seed, "pixels", self.candidate_id)
        return draw_candidate(self.scene, self.edit, self.habits, rng)


@dataclass(frozen=True)
class WorldItem:
    """One instruction on one source image with its pool of twelve candidates."""

    index: int
    item_id: str
    instruction: str
    language: str
    category: str
    source_dataset: str
    ambiguous: bool
    scene: Scene
    edit: Edit
    candidates: tuple[WorldCandidate, ...]

    def draw_source(self) -> Image.Image:
        """The source image, drawn again at each call."""
        return with_corners(self.scene, render_scene(self.scene))


@dataclass(frozen=True)
class World:
    """A simulated collection of any size; item i depends only on the seed, i and these options.

    `items` says how many iteration gives; `image_size` is the longer side in pixels (at least 64);
    `bad_category` names a category whose instructions are vague, so that raters disagree on IF;
    `chinese_share` is the share of instructions in Simplified Chinese.
    """

    seed: int
    items: int
    image_size: int = 256
    bad_category: str | None = None
    chinese_share: float = 0.15

    def __post_init__(self) -> None:
        if self.items < 0 or self.image_size < SMALLEST_SIDE:
            msg = f"a world needs items >= 0 and image_size >= {SMALLEST_SIDE}"
            raise ValueError(msg)
        if self.bad_category is not None and self.bad_category not in CATEGORIES:
            msg = f"unknown category {self.bad_category!r}; known: {', '.join(CATEGORIES)}"
            raise ValueError(msg)

    def __len__(self) -> int:
        return self.items

    def __iter__(self) -> Iterator[WorldItem]:
        return (self.item(index) for index in range(self.items))

    def item(self, index: int) -> WorldItem:
        """The item at `index`, regardless of `items`."""
        return _build_item(self, index)

    def item_by_id(self, item_id: str) -> WorldItem:
        """The item of that id.

        Raises:
            KeyError: If the id belongs to another world.
        """
        prefix, _, number = item_id.rpartition("-")
        if prefix != f"sim{self.seed}" or not number.isdigit():
            raise KeyError(item_id)
        return self.item(int(number))

    def truth(self, item_id: str, candidate_id: str) -> Truth:
        """The truth about a candidate.

        Raises:
            KeyError: If this world has no such candidate.
        """
        for candidate in self.item_by_id(item_id).candidates:
            if candidate.candidate_id == candidate_id:
                return candidate.truth
        raise KeyError(candidate_id)


@lru_cache(maxsize=1024)
def _build_item(world: World, index: int) -> WorldItem:
    rng = stream(world.seed, "item", index)
    category = CATEGORIES[int(rng.integers(len(CATEGORIES)))]
    language = CHINESE if rng.random() < world.chinese_share else ENGLISH
    words = stream(world.seed, "words", index)
    scene = compose_scene(
        stream(world.seed, "scene", index), world.image_size, lettered=category == "text"
    )
    edit = propose_edit(stream(world.seed, "edit", index), scene, category)
    vague = category == world.bad_category
    clear = phrase_edit(words, scene, edit, language)
    item_id = f"sim{world.seed}-{index:06d}"
    return WorldItem(
        index=index,
        item_id=item_id,
        instruction=phrase_vaguely(words, language) if vague else clear,
        language=language,
        category=category,
        source_dataset=f"simulated-{scene.family}",
        ambiguous=vague,
        scene=scene,
        edit=edit,
        candidates=_build_pool(world.seed, item_id, scene, edit, vague=vague),
    )


def _build_pool(
    seed: int, item_id: str, scene: Scene, edit: Edit, *, vague: bool
) -> tuple[WorldCandidate, ...]:
    """Twelve candidates; the ids' numbers are shuffled so that they reveal no editor."""
    full = crowding(scene)
    sight = Sight(edit.category, changed_share(scene, edit), full, vague)
    places = stream(seed, "places", item_id).permutation(len(PROFILES) * SEEDS_PER_EDITOR)
    pool = []
    for place, number in enumerate(places):
        profile, own_seed = PROFILES[place // SEEDS_PER_EDITOR], place % SEEDS_PER_EDITOR
        rng = stream(seed, "habits", item_id, profile.name, own_seed)
        habits = draw_habits(rng, profile, edit.category, full)
        reached = attempt_edit(scene, edit, habits).completeness
        pool.append(
            WorldCandidate(
                candidate_id=f"{item_id}-c{int(number) + 1:02d}",
                model=profile.name,
                seed=own_seed,
                habits=habits,
                truth=judge_truth(habits, reached, sight),
                world_seed=seed,
                scene=scene,
                edit=edit,
            )
        )
    return tuple(sorted(pool, key=lambda candidate: candidate.candidate_id))
