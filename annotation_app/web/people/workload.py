"""How much each person worked, and the file that people are paid by."""

import csv
from datetime import date, timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotation_app.enums import AuditVerb
from annotation_app.models import Campaign
from annotation_app.policies import can_administer_campaign
from annotation_app.selectors.people.members import campaign_zone
from annotation_app.selectors.people.workload import Period, WorkRow, work_by, work_by_day
from annotation_app.services.audit.events import record_event
from annotation_app.services.exports.tables import EXCEL_MARK, escape_cell
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

SHOWN_DAYS = 14
LONGEST = 366  # days
PAYMENT_COLUMNS = (
    "person",
    "team",
    "first_day",
    "last_day",
    "counted",
    "superseded",
    "payable",
    "released",
    "hours",
    "span_hours",
)


def _day_input() -> forms.DateInput:
    """A date picker; browsers accept its value in ISO form only, in every language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """From which day to which."""

    first = forms.DateField(label=_("From"), widget=_day_input())
    last = forms.DateField(label=_("To"), widget=_day_input())
    people = forms.ChoiceField(
        label=_("Show people as"),
        choices=[("pseudonym", _("Pseudonym")), ("username", _("User name"))],
        required=False,
    )

    def period(self) -> Period | None:
        """The days, if they are some and in order."""
        if not self.is_valid():
            return None
        period = Period(self.cleaned_data["first"], self.cleaned_data["last"])
        length = (period.last - period.first).days
        years_fit = date(1990, 1, 1) <= period.first and period.last <= date(2990, 1, 1)
        return period if 0 <= length <= LONGEST and years_fit else None


@require_safe
@login_required
def workload_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Work by person, team and day in a period."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    form = PeriodForm(request.GET or _lately(campaign))
    period = form.period()
    rows = work_by_day(campaign, period) if period else []
    people = work_by(rows, "username")
    context = {
        "campaign": campaign,
        "tab": "members",
        "form": form,
        "period": period,
        "zone": campaign_zone(campaign).key,
        "people": people,
        "teams": work_by(rows, "team"),
        "days": work_by(rows, "day"),
        "most": max((work.payable for _name, work in people), default=1) or 1,
    }
    return render(request, "people/workload.html", context, status=200 if period else 400)


@require_safe
@login_required
def payment_file(request: HttpRequest, slug: str) -> HttpResponse:
    """One line per person, for a period; the audit log records who downloaded it."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    form = PeriodForm(request.GET or _lately(campaign))
    period = form.period()
    if period is None:
        return HttpResponseBadRequest("Give a first and a last day, at most a year apart.")
    name = form.cleaned_data["people"] or "pseudonym"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="payment-{period.first}-{period.last}.csv"'
    )
    response.write(EXCEL_MARK)
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow(PAYMENT_COLUMNS)
    for line in payment_lines(work_by_day(campaign, period), period, name):
        writer.writerow([escape_cell(cell) for cell in line])
    record_event(
        actor=signed_in(request),
        verb=AuditVerb.EXPORTED,
        object_type="payment",
        object_id=campaign.pk,
        campaign=campaign,
        data={"first": str(period.first), "last": str(period.last), "people": name},
    )
    return response


def payment_lines(rows: list[WorkRow], period: Period, name: str) -> list[tuple[object, ...]]:
    """One line for each person, in the order of `PAYMENT_COLUMNS`."""
    teams = {getattr(row, name): row.team for row in rows}
    return [
        (
            person,
            teams[person],
            period.first.isoformat(),
            period.last.isoformat(),
            work.counted,
            work.superseded,
            work.payable,
            work.released,
            f"{work.hours:.2f}",
            f"{work.span_hours:.2f}",
        )
        for person, work in work_by(rows, name)
    ]


def _lately(campaign: Campaign) -> dict[str, str]:
    today = timezone.now().astimezone(campaign_zone(campaign)).date()
    first = today - timedelta(days=SHOWN_DAYS - 1)
    return {"first": first.isoformat(), "last": today.isoformat()}
