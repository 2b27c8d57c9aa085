"""One page of figures, and the same figures as a file."""

import csv

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.middleware import ActorRequest, for_the_enterprise
from reporting import rules
from reporting.console import charts
from reporting.domain import exports, periods, volumes
from reporting.payloads import Report


@require_safe
def overview(request: ActorRequest) -> HttpResponse:
    """Volumes, times and promises of the last days."""
    report = load(request)
    days = (report.last - report.first).days + 1
    context = {
        "report": report,
        "days": days,
        "choices": [(choice, choice == days) for choice in periods.DAYS],
        "chart": charts.received(report.by_day),
        "dimensions": [
            (_("Channel"), report.by_channel),
            (_("Direction"), report.by_direction),
            (_("Vertical"), report.by_vertical),
        ],
    }
    return render(request, "console/reporting/overview.html", context)


@require_safe
def download(request: ActorRequest) -> HttpResponse:
    """The figures of the page as CSV, which reads the same for everybody."""
    with translation.override(settings.LANGUAGE_CODE):
        report = load(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="interactions-{report.first}-{report.last}.csv"'
    csv.writer(answer).writerows(exports.rows(report))
    return answer


def load(request: ActorRequest) -> Report:
    """The report asked for with ?days=; an unknown period becomes the usual one."""
    if not rules.can_see_reports(request.actor):
        raise PermissionDenied
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(choice) for choice in periods.DAYS} else periods.USUAL
    with for_the_enterprise():  # figures are of all partners, also for who may look at no matter of them
        return volumes.report(*periods.ending(timezone.now(), days))
