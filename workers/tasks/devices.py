"""Where the models of this installation run: MODEL_DEVICE, for the children that load torch."""

from django.conf import settings

from annotation_app.exceptions import InvalidInputError
from modeling.scorer.device import find_device


def model_device() -> str:
    """The device of this child's models; it sees no other GPU, see `gpus`.

    Raises:
        InvalidInputError: this machine has no such device.
    """
    try:
        return str(find_device(settings.MODEL_DEVICE.partition(":")[0]))
    except ValueError as error:
        raise InvalidInputError(
            f"The setting MODEL_DEVICE is {settings.MODEL_DEVICE}, which this machine does not"
            " have. Ask the operator of the site to set it to auto or cpu, or to run the model"
            " worker on a machine that has it."
        ) from error
