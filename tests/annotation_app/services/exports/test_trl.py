"""TRL's own trainer takes a step on the TRL export."""

import copy

import pytest
import torch
from datasets import load_dataset
from trl.trainer.dpo_config import DPOConfig
from trl.trainer.dpo_trainer import DPOTrainer

from annotation_app.services.exports.options import ExportFormat, ImageMode
from tests.annotation_app.services.exports.tiny_llava import tiny_model, tiny_processor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # TRL asks transformers by the old name
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.* is deprecated:FutureWarning"),
]


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("images", [ImageMode.EMBEDDED, ImageMode.COPIED, ImageMode.REFERENCED])
def test_a_random_model_trains_one_step_on_the_trl_export(campaign, build, tmp_path, images):
    _, folder = build(campaign, formats=(ExportFormat.TRL,), images=images)
    splits = load_dataset(str(folder), "trl", cache_dir=str(tmp_path / "cache"))
    [rows] = splits.values()  # of one item
    model = tiny_model()
    before = copy.deepcopy(model)
    trainer = DPOTrainer(
        model=model,
        ref_model=copy.deepcopy(model),
        args=DPOConfig(
            output_dir=str(tmp_path / "out"),
            per_device_train_batch_size=2,
            max_steps=1,
            learning_rate=0.1,
            max_length=None,
            use_cpu=True,
            bf16=False,
            activation_checkpointing=False,
            report_to="none",
            save_strategy="no",
        ),
        train_dataset=rows,
        processing_class=tiny_processor(),
    )
    outcome = trainer.train()
    assert outcome.global_step == 1
    assert outcome.training_loss > 0
    names = ["model.vision_tower", "model.language_model"]
    for name in names:  # the images reach the loss, and so does the text
        moved = [
            not torch.equal(new, old)
            for new, old in zip(
                model.get_submodule(name).parameters(),
                before.get_submodule(name).parameters(),
                strict=True,
            )
        ]
        assert any(moved)
