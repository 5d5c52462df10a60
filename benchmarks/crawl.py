"""Every page of a whole loop, opened by everyone: no error, no dead link, no refused command.

The loop runs through the product's services in a separate installation: every kind of job
succeeded, failed and was cancelled, every state that pages show is there, texts have two lines and
columns are named like methods. Then people of every role, and those who lost theirs, follow every
link, send every form unchanged (its effect is undone) and try every address that was shown
to others, in both languages. `--quick` is one language, two pages of a kind, and no forms.
"""

from collections.abc import Mapping

from benchmarks.installation import fresh_installation, run_module
from benchmarks.targets import Result, at_least, holds

NEEDS_SERVICES = True
FEWEST_PAGES, FEWEST_QUICK = 3000, 200
SHOWN = 50  # faults that are listed in words


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Run the loop and the walk."""
    del options
    with fresh_installation("crawl") as made:
        environment = {
            **made,
            # with the tests' settings no mail leaves, and folders are those of this installation
            "DJANGO_SETTINGS_MODULE": "annotation_app.settings.test",
            "EDITJURY_TEST_DATA_": made["DATA_ROOT"],
            "OMP_NUM_THREADS": "1",
        }
        found = run_module(environment, "benchmarks.crawling.walk", "QUICK" if quick else "FULL")
    faults = found.pop("faults")
    for fault in faults[:SHOWN]:
        print("{reader}: {address} {what} (printed on {printed_on})".format(**fault))
    pages = sum(found["pages_opened"].values())
    figures = {**found, "commands": len(found["commands"]), "faults": len(faults)}
    return Result(
        figures=figures,
        targets=[
            holds("no page breaks, no link is dead, no command is refused", met=not faults),
            at_least("pages opened", pages, FEWEST_QUICK if quick else FEWEST_PAGES),
        ],
    )
