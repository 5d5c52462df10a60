"""Names and version of a checkpoint folder's files."""

FORMAT = "editjury-reward-model"
FORMAT_VERSION = 1
WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
LAPLACE_FILE = "laplace.safetensors"
ASSETS_FOLDER = "assets"
PICKLE_SUFFIXES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
