"""The child process of a job that loads torch: `python -m workers.tasks.model_child JOB_ID`."""

import sys

from annotation_app.enums import JobKind
from workers.tasks.judging import score_benchmark
from workers.tasks.scoring import predict_campaign, refresh_priorities
from workers.tasks.supervision import Runner, run_claimed
from workers.tasks.training import train_model

RUNNERS: dict[JobKind, Runner] = {
    JobKind.TRAIN_MODEL: train_model,
    JobKind.PREDICT: predict_campaign,
    JobKind.REFRESH_PRIORITIES: refresh_priorities,
    JobKind.SCORE_BENCHMARK: score_benchmark,
}

if __name__ == "__main__":
    sys.exit(run_claimed(int(sys.argv[1]), RUNNERS))
