"""The sentences of a dataset card."""

from annotation_app.services.exports.options import ExportFormat, ImageMode
from annotation_app.services.exports.pairing import ScoreBasis

SIMULATED = "> **Simulated data.** No human judged these edits; never mix them with real ratings."
SUMMARY = (
    "Preferences between edits of one image under one instruction: {items:,} items, "
    "{possible:,} candidate pairs, {exported_rows:,} rows."
)
COUNTS = (
    "Per item, strict + disentangled + identical + incomparable = k(k−1)/2; `manifest.json` has "
    "the same counts by source, split, generator pair and, where pairs are built per rater, rater."
)
COLLECTION = (
    "- {raters:,} annotators gave {ratings:,} ratings of {items:,} items between {first} and "
    "{last}: {kinds}.{left_out}\n"
    "- An annotator scores all candidates of an item on every dimension, without knowing which "
    "model made an edit; the order on screen is random and recorded. Guideline version "
    "{guideline}.\n"
    "- Mean active time on an item: {seconds:.1f} s.\n"
    "- A candidate's final score is the adjudicated one, else the only one, else the exact mean."
)
AGREEMENT = (
    "Slots of random design only, as in the snapshot. α is Krippendorff's, n the "
    "candidates with two or more ratings; the interval is a delete-one-item jackknife on atanh(α)."
)
BASES = {
    ScoreBasis.FINAL: "the final scores",
    ScoreBasis.MAJORITY: "the raters' majority (a candidate without one has no score)",
    ScoreBasis.FACET: "facet scores: the level that an average rater would be expected to give",
    ScoreBasis.RATER: "each rater's own levels, one set of pairs per rater",
}
PAIRS = (
    "Pairs come from {basis}. Overall differs: one strict row. Overall equal and a dimension "
    "differs: one row per differing dimension, tagged with the `dimension` that it speaks for."
)
NO_BAND = "Scores are compared exactly, as rational numbers; only equal ones tie."
BAND = "Scores that differ by at most {band} tie."
NO_FILTERS = "No row is left out for a small difference."
FILTERS = "Strict rows need a margin of {margin}, tagged rows a gap of {gap}."
WITH_IDENTICAL = "Pairs equal on every dimension are in the rows; they express no preference."
WITHOUT_IDENTICAL = "Pairs equal on every dimension are counted and left out."
ITEM_WEIGHTS = "The rows of one item weigh 1 together."
ROW_WEIGHTS = "Every row weighs 1."
SIDE = "The side on which an edit appears is drawn with seed {seed}."
SPLITS = (
    "An item's split is recorded at its first release and never changes. Items that share an "
    "image's pixels or a source id stay together; a new item that links two splits is kept out "
    "(`quarantine`), an item of an external set is `excluded`; neither is used for training."
)
FILES = {
    ExportFormat.EDIT_REWARD_JSON: (
        "`train.json`, `validation.json`, `test.json`: EditReward's training rows; `path1` is "
        "always the preferred edit.",
    ),
    ExportFormat.EDIT_REWARD_PARQUET: (
        "`pairs/`: the columns of EditReward-Data, one row per pair, ties once.",
    ),
    ExportFormat.TRAINING: ("`groups.jsonl`, `rubric.json`: one line per item.",),
    ExportFormat.TRL: ("`trl/`: TRL's preference format with three images.",),
    ExportFormat.POINTWISE: (
        "`pointwise.*`: one row per candidate with scores, provenance and levels.",
    ),
    ExportFormat.RATINGS: ("`ratings.*`: one row per score that a rater gave.",),
}
IMAGE_FILES = "`images/`: every image once, lossless WebP named by the hash of its pixels."
MANIFEST_FILE = "`manifest.json`: options, seed, counts and the sha256 of every file."
IMAGES = {
    ImageMode.EMBEDDED: "Images are inside the Parquet rows.",
    ImageMode.COPIED: "Image paths are relative to this folder; the indices at its top let "
    "`datasets` find them.",
    ImageMode.REFERENCED: "Images are referenced at the paths that they had when this was built.",
}
OPENING = (
    "`datasets.load_dataset` opens this folder; configurations: {names} (`{first}` by default). "
    "{images}"
)
LICENCES = (
    "Instructions and source images keep the licence of their source; ask its owner where none is "
    "stated. Edits may fall under their generators' terms."
)
GENERATORS = "Edits of {number} generators; others may be judged differently."
SINGLE = "{share:.0%} of the candidates have one rating: their scores carry one person's severity."
LIMITS = (
    "One rubric and one group of annotators; levels are ordinal, sums of them a convention.",
    "Items were chosen by the campaign's plan and are not a sample of all editing requests.",
    "Annotators appear under pseudonyms only.",
)
CITATION = (
    "```bibtex\n@misc{{editjury,\n  title = {{{name}}},\n"
    "  note = {{EditJury dataset, snapshot {digest}}}\n}}\n```"
)
