"""The facts under a report's tables, and how to cite it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from annotation_app.enums import Design
from annotation_app.models import AgreementReport


@dataclass(frozen=True)
class Fact:
    """A name and what is so."""

    label: str
    text: str


@dataclass(frozen=True)
class Citation:
    """How to cite a report: as a sentence, and as BibTeX."""

    text: str
    bibtex: str


def report_title(report: AgreementReport) -> str:
    """What a report is called."""
    return _("Agreement report: %(campaign)s") % {"campaign": _campaign(report)}


def report_facts(report: AgreementReport, names: dict[str, str]) -> list[Fact]:
    """Method, rubric, guideline versions, versions of libraries, seed, identity."""
    return [Fact(label, text) for label, text in _facts(report, names) if text]


def cite(report: AgreementReport) -> Citation:
    """Title, campaign, date and digest; always in English, as references are."""
    name, day = _campaign(report), report.created_at.date().isoformat()
    digest = f" sha256:{report.digest}." if report.digest else ""
    title = f"Inter-annotator agreement of the campaign “{name}”"
    return Citation(
        text=f"{title}. EditJury agreement report {report.public_id}, frozen on {day}.{digest}",
        bibtex="\n".join(
            [
                f"@misc{{editjury-{str(report.public_id)[:8]},",
                f"  title = {{{title}}},",
                f"  year = {{{report.created_at.year}}},",
                f"  howpublished = {{EditJury agreement report {report.public_id}}},",
                f"  note = {{Frozen on {day}.{digest}}}",
                "}",
            ]
        ),
    )


def frozen_on(report: AgreementReport) -> str:
    """When it was frozen, in the reader's words."""
    return date_format(localtime(report.created_at), "DATETIME_FORMAT")


def _campaign(report: AgreementReport) -> str:
    return str(report.facts.get("campaign", {}).get("name", report.campaign.name))


def _facts(report: AgreementReport, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    method, facts = report.method, report.facts
    yield _("Campaign"), _campaign(report)
    yield _("Frozen"), frozen_on(report)
    yield _("Ratings"), f"{report.rating_count:,}"
    yield _("Design"), _design(method.get("design", ""))
    yield _("Interval: these annotators, new items"), method.get("interval", "")
    yield _("Interval: new annotators too"), method.get("interval_annotators", "")
    yield _("Bootstrap"), _bootstrap(facts.get("bootstrap", {}))
    yield _("Rubric"), _rubric(facts.get("rubric", {}), names)
    yield _("Guideline versions"), _guidelines(facts.get("guidelines", []))
    versions = method.get("versions", {})
    yield _("Libraries"), ", ".join(f"{name} {found}" for name, found in versions.items())
    yield _("Report"), str(report.public_id)
    yield _("Digest"), f"sha256:{report.digest}" if report.digest else ""


def _design(design: str) -> str:
    if design == Design.RANDOM:
        return _(
            "slots of random design only: checked raters and selected items are not a "
            "representative sample"
        )
    return design


def _bootstrap(facts: dict[str, Any]) -> str:
    if not facts:
        return ""
    return _("%(method)s; %(n)s replicates, seed %(seed)s, %(generator)s") % {
        "method": facts["method"],
        "n": f"{facts['replicates']:,}",
        "seed": facts["seed"],
        "generator": facts["random_generator"],
    }


def _rubric(rubric: dict[str, Any], names: dict[str, str]) -> str:
    if not rubric:
        return ""
    dimensions = [
        _("%(name)s: levels %(levels)s, weight %(weight)s")
        % {
            "name": names.get(one["key"], one["key"]),
            "levels": ", ".join(f"{level:g}" for level in one["levels"]),
            "weight": one["weight"],
        }
        for one in rubric["dimensions"]
    ]
    return f"{rubric['name']} ({'; '.join(dimensions)})"


def _guidelines(versions: list[dict[str, Any]]) -> str:
    return "; ".join(
        _("%(version)s of %(day)s: %(n)s ratings")
        % {
            "version": one["version"],
            "day": one["published_at"][:10],
            "n": f"{one['ratings']:,}",
        }
        for one in versions
    )
