"""The card says what the manifest says, and nothing that changes between builds."""

import pytest

from annotation_app.models import Collection, Item
from annotation_app.services.exports.card import CARD
from annotation_app.services.exports.options import ExportFormat, ImageMode
from annotation_app.services.exports.pairing import ScoreBasis
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def checked():
    """Six items, three raters who nearly agree."""
    campaign = make_campaign(6, k=3, base=3, overlap=3)
    for shift, annotator in enumerate(make_annotators(campaign, 3)):
        for number in range(6):
            rate_by_rule(
                campaign,
                annotator,
                lambda place, key, n=number, s=shift: 1 + (place + n + (s == 2 and n == 0)) % 4,
            )
    return campaign


def test_counts_agreement_protocol_and_licences_stand_in_the_card(checked, build):
    Item.objects.filter(collection=checked.collection).update(
        licence="CC-BY-4.0", source_dataset="MagicBrush"
    )
    version, folder = build(checked)
    card = (folder / CARD).read_text()
    total = version.manifest["pairs"]["total"]
    numbers = [total[name] for name in ("possible", "strict", "disentangled", "identical")]
    row = " | ".join(f"{number:,}" for number in numbers)
    assert f"| all | {row} | 0 | {total['exported_rows']} |" in card
    alpha = version.manifest["report"]["agreement"]["figures"]["if"]["krippendorff_alpha_ordinal"]
    assert f"| Instruction Following | {alpha:.3f} |" in card
    assert 0.5 < alpha < 1
    assert "3 annotators gave 18 ratings of 6 items" in card
    assert "18 production (random)" in card
    assert "| MagicBrush | CC-BY-4.0 | 6 |" in card
    assert 'license: "cc-by-4.0"' in card
    assert "Known limits" in card
    assert f"snapshot {version.snapshot.digest}" in card


def test_simulated_data_is_called_so_in_text_and_tags(checked, build):
    Collection.objects.update(is_simulated=True)
    _, folder = build(checked)
    card = (folder / CARD).read_text()
    assert "**Simulated data.** No human judged these edits" in card
    assert '"synthetic"' in card.split("---")[1]


def test_human_data_carries_no_such_warning(checked, build):
    _, folder = build(checked)
    assert "Simulated" not in (folder / CARD).read_text()


def test_undefined_agreement_says_why(campaign, build):
    _, folder = build(campaign)
    assert "| no_overlap |" in (folder / CARD).read_text()
    assert "100% of the candidates have one rating" in (folder / CARD).read_text()


def test_two_builds_of_one_snapshot_have_the_same_files_to_the_byte(checked, build):
    options = {"formats": tuple(ExportFormat), "images": ImageMode.EMBEDDED, "seed": 9}
    first, _ = build(checked, **options)
    second, _ = build(checked, snapshot=first.snapshot, **options)
    assert first.manifest["files"] == second.manifest["files"]
    assert first.number != second.number
    other, _ = build(checked, snapshot=first.snapshot, **(options | {"seed": 10}))
    assert other.manifest["files"] != first.manifest["files"]


def test_the_card_names_the_rules_that_made_its_pairs(checked, build):
    _, folder = build(
        checked,
        scores=ScoreBasis.FACET,
        tie_band="1/20",
        minimum_margin="1/2",
        include_identical=True,
        item_weights=True,
        seed=3,
    )
    card = (folder / CARD).read_text()
    for words in (
        "facet scores",
        "differ by at most 1/20 tie",
        "a margin of 1/2",
        "they express no preference",
        "weigh 1 together",
        "drawn with seed 3",
    ):
        assert words in card
