"""TMF683 version 4 `partyInteraction`: list, read, create."""

from typing import Any

from django.db import DataError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from psycopg.errors import InvalidRegularExpression, QueryCanceled
from rest_framework.response import Response
from rest_framework.views import APIView

from interactions.api import creation, reading, representation, searching, words
from interactions.api.errors import translated
from interactions.api.representation import ATTRIBUTES, KNOWN, LONGEST_IN_LIST, Json, Parts
from interactions.domain import conversation, submissions
from interactions.models import Interaction
from interactions.models.interaction import InteractionQuerySet
from partners.api import etags, filters, once, paging, selection
from partners.api.authentication import ApiRequest
from partners.api.errors import Problem, query
from partners.api.filters import Parameters
from partners.api.paging import Page

REGEX_TIMEOUT = "1s"
WHOLE = conversation.MOST_TEXT


class PartyInteractions(APIView):
    """All interactions of the partner that the client speaks for."""

    def get(self, request: ApiRequest) -> Response:
        parameters = dict(request.query_params.lists())
        wanted = selection.read(parameters, KNOWN)
        window = paging.window_in(parameters, searching.SORTABLE, Interaction)
        rows = filters.narrowed(fenced(request), parameters, searching.FILTERS)
        page = found(rows, window, parameters)
        parts = representation.parts_of(page.rows, wanted, most_text=LONGEST_IN_LIST)
        body = [
            representation.represented(row, parts.get(row.pk) or Parts(), wanted, most_text=LONGEST_IN_LIST)
            for row in page.rows
        ]
        status = 206 if window.is_asked and page.is_part else 200
        return Response(body, status=status, headers=paging.headers(page, words.BASE, parameters))

    def post(self, request: ApiRequest) -> Response | HttpResponse:
        return once.answer(request, lambda: self.create(request))

    def create(self, request: ApiRequest) -> Response:
        now = timezone.now()
        content = reading.body_of(request.data, getattr(request, "raw_body", b""))
        submission = creation.read(content, actor=request.actor, at=now)
        with translated():
            received = submissions.submit(submission, actor=request.actor, at=now)
        interaction, item = received.interaction, received.item
        if interaction is None or item is None:
            raise Problem("62", "This was set aside.", status=409)
        parts = Parts(items=[item])
        if not submission.is_plain or submission.intake.files:
            parts = representation.parts_of([interaction], ATTRIBUTES, most_text=WHOLE)[interaction.pk]
        body = representation.represented(interaction, parts, ATTRIBUTES, most_text=WHOLE)
        headers = {"Location": body["href"], "ETag": etags.of_version(interaction.version)}
        return Response(body, status=201, headers=headers)


class PartyInteraction(APIView):
    """One interaction."""

    def get(self, request: ApiRequest, number: str) -> Response:
        wanted = selection.read(dict(request.query_params.lists()), KNOWN)
        interaction = fenced(request).filter(pk=searching.number_in(number) or 0).first()
        if interaction is None:
            raise Problem("60", "There is no such interaction.", status=404)
        headers = {"ETag": etags.of_version(interaction.version)}
        if etags.is_held(request, headers["ETag"]):
            return Response(status=304, headers=headers)
        parts = representation.parts_of([interaction], wanted, most_text=WHOLE)
        body: Json = representation.represented(
            interaction, parts.get(interaction.pk) or Parts(), wanted, most_text=WHOLE
        )
        return Response(body, headers=headers)


def fenced(request: ApiRequest) -> InteractionQuerySet:
    """What the caller may see, with what every representation shows."""
    seen = Interaction.objects.visible_to(request.actor)
    return seen.select_related("partner", "type", "role__kind").defer("search")


def found(rows: Any, window: paging.Window, parameters: Parameters) -> Page[Interaction]:
    """The page; a regular expression that is wrong or too costly is the client's to mend."""
    if not filters.uses_regex(parameters):
        return paging.page(rows, window)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [REGEX_TIMEOUT])
            return paging.page(rows, window)
    except DataError as error:
        if not isinstance(error.__cause__, InvalidRegularExpression):
            raise
        raise query("reason.regex", "This is no regular expression.") from error
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise query("reason.regex", "This regular expression takes too long.") from error
