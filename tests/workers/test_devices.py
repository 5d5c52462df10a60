"""MODEL_DEVICE: which GPUs a model job sees, and what it says where there is no such device."""

import pytest
import torch

from annotation_app.enums import JobKind, JobState
from annotation_app.models import DatasetVersion, Job, RewardModelVersion
from annotation_app.services.jobs.lifecycle import claim_job, create_job
from tests.factories.world import NOON, make_campaign
from workers.tasks import supervision
from workers.tasks.devices import model_device
from workers.tasks.gpus import gpu_environment
from workers.tasks.model_child import RUNNERS
from workers.tasks.model_jobs import run_model_job
from workers.tasks.supervision import perform

GONE = "mps" if torch.cuda.is_available() else "cuda:1"


@pytest.mark.parametrize(
    ("device", "listed", "seen"),
    [
        ("cuda", None, "0"),
        ("cuda:1", None, "1"),
        ("cuda:1", "4, 6", "6"),
        ("cuda:1", "GPU-8a1f", ""),  # the worker itself sees one alone
        ("cpu", "4,6", ""),
        ("mps", None, ""),
    ],
)
def test_a_job_sees_the_named_gpu_alone(device, listed, seen):
    own = {} if listed is None else {"CUDA_VISIBLE_DEVICES": listed}
    assert gpu_environment(device, own) == {"CUDA_VISIBLE_DEVICES": seen}


def test_nothing_is_hidden_where_the_device_is_chosen_by_itself(settings):
    assert gpu_environment("auto", {"CUDA_VISIBLE_DEVICES": "4,6"}) == {}
    settings.MODEL_DEVICE = "auto"
    assert model_device() == ("cuda" if torch.cuda.is_available() else "cpu")
    settings.MODEL_DEVICE = "cpu"
    assert model_device() == "cpu"


@pytest.mark.skipif(GONE == "mps" and torch.backends.mps.is_available(), reason="has both")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [JobKind.TRAIN_MODEL, JobKind.PREDICT, JobKind.REFRESH_PRIORITIES])
def test_a_job_fails_with_a_sentence_where_the_device_is_missing(kind, settings):
    settings.MODEL_DEVICE = GONE
    campaign = make_campaign(1, k=2)
    dataset = DatasetVersion.objects.create(campaign=campaign, number=1, seed=0)
    version = RewardModelVersion.objects.create(
        campaign=campaign,
        number=1,
        rubric=campaign.rubric,
        backbone="compact",
        folder="m",
        dataset=dataset,
    )
    arguments = {"model": version.pk, "strategy": "bald"}
    job = create_job(kind=kind, arguments=arguments, created_by=None, campaign=campaign)
    claim_job(job_id=job.pk, now=NOON)
    perform(job.pk, RUNNERS)
    ended = Job.objects.get(pk=job.pk)
    assert ended.state == JobState.FAILED
    assert ended.error.startswith(f"The setting MODEL_DEVICE is {GONE}, which this machine does")


@pytest.mark.django_db
def test_the_child_of_a_model_job_gets_the_environment(settings, monkeypatch):
    settings.MODEL_DEVICE = "cuda:2"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    job = create_job(kind=JobKind.PREDICT, arguments={"model": 0}, created_by=None)
    given = []

    class Child:
        returncode = 0

        def __init__(self, command, env):
            given.append((command[-2:], env["CUDA_VISIBLE_DEVICES"], env["OPENBLAS_NUM_THREADS"]))

        def poll(self):
            return 0

    monkeypatch.setattr(supervision.subprocess, "Popen", Child)
    run_model_job(job.pk)
    assert given == [(["workers.tasks.model_child", str(job.pk)], "2", "1")]
