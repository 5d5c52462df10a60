"""Reading a dataset version: rows, pairs, images and the groups that a model is fed with."""

from modeling.data.dataset import GroupDataset, TrainBatch, TrainGroup, collate
from modeling.data.errors import DataError, RowError
from modeling.data.images import ImageCache
from modeling.data.manifest import Dataset, read_dataset
from modeling.data.pictures import Picture, Reading, UnreadablePictureError, as_shown, read_picture
from modeling.data.rows import CandidateRow, GroupRow, PairRow
from modeling.data.targets import build_targets

__all__ = [
    "CandidateRow",
    "DataError",
    "Dataset",
    "GroupDataset",
    "GroupRow",
    "ImageCache",
    "PairRow",
    "Picture",
    "Reading",
    "RowError",
    "TrainBatch",
    "TrainGroup",
    "UnreadablePictureError",
    "as_shown",
    "build_targets",
    "collate",
    "read_dataset",
    "read_picture",
]
