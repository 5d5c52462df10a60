"""``python -m modeling``: the reward model without the web site."""

import sys

from modeling.cli import main
from modeling.cli.output import open_closed_streams

if __name__ == "__main__":
    open_closed_streams()
    sys.exit(main(fresh=True))
