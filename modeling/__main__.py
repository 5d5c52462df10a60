"""``python -m modeling``: the reward model without the web site."""

import sys

try:
    from modeling.cli import main
    from modeling.cli.output import open_closed_streams
except KeyboardInterrupt:  # the libraries take seconds to read
    sys.exit(130)

if __name__ == "__main__":
    open_closed_streams()
    sys.exit(main(fresh=True))
