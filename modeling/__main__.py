"""``python -m modeling``: the reward model without the web site."""

import sys

from modeling.cli import main

if __name__ == "__main__":
    sys.exit(main(fresh=True))
