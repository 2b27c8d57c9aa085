"""TMF683 version 4 `partyInteraction`: list, read, create."""

from collections.abc import Hashable
from typing import Any

from django.db import DataError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from psycopg.errors import InvalidRegularExpression, QueryCanceled
from rest_framework.response import Response

from interactions import rules
from interactions.api import creation, parameters, reading, schema, searching
from interactions.api.errors import translated
from interactions.domain import conversation, submissions
from interactions.domain.outward import parts, representation, words
from interactions.domain.outward.representation import ATTRIBUTES, KNOWN, LONGEST_IN_LIST
from interactions.models import Interaction
from interactions.models.interaction import InteractionQuerySet
from partners.api import etags, filters, once, paging, selection
from partners.api.authentication import ApiRequest
from partners.api.errors import Problem, query
from partners.api.filters import Parameters
from partners.api.paging import Page
from partners.api.schema import failures, in_path, many
from partners.api.views import ApiView

REGEX_TIMEOUT = "1s"
WHOLE = conversation.MOST_TEXT


class PartyInteractions(ApiView):
    """All interactions of the partner that the client speaks for."""

    @extend_schema(
        operation_id="listPartyInteraction",
        tags=["partyInteraction"],
        parameters=parameters.LIST,
        responses={
            200: many(schema.PartyInteraction, "All of them, or the first page when no page was asked for."),
            206: many(schema.PartyInteraction, "A part of them."),
            **failures(400, 401, 403),
        },
    )
    def get(self, request: ApiRequest) -> Response:
        asked = dict(request.query_params.lists())
        wanted = selection.read(asked, KNOWN)
        window = paging.window_in(asked, searching.SORTABLE, Interaction)
        rows = filters.narrowed(fenced(request, most_text=LONGEST_IN_LIST), asked, searching.FILTERS)
        page = found(rows, window, asked, key=(request.actor.partner_id, filters.key_of(asked)))
        belonging = parts.of_each([row.pk for row in page.rows], wanted, most_text=LONGEST_IN_LIST)
        body = [representation.represented(row, belonging[row.pk], wanted) for row in page.rows]
        status = 206 if window.is_asked and page.is_part else 200
        return Response(body, status=status, headers=paging.headers(page, words.BASE, asked))

    @extend_schema(
        operation_id="createPartyInteraction",
        tags=["partyInteraction"],
        parameters=parameters.CREATED,
        request=schema.PartyInteractionCreate,
        responses={201: schema.PartyInteraction, **failures(400, 401, 403, 409, 413, 415, 422)},
    )
    def post(self, request: ApiRequest) -> Response | HttpResponse:
        return once.answer(request, lambda: self.create(request))

    def create(self, request: ApiRequest) -> Response:
        now = timezone.now()
        content = reading.body_of(request.data, getattr(request, "raw_body", b""))
        submission = creation.read(content, actor=request.actor, at=now)
        with translated():
            rules.require_raise(request.actor, submissions.type_of(submission, request.actor))
            received = submissions.submit(submission, actor=request.actor, at=now)
        interaction, item = received.interaction, received.item
        if interaction is None or item is None:
            raise Problem("62", "This was set aside.", status=409)
        belonging = parts.of_first(item)
        if submission.has_parts:
            belonging = parts.of_each([interaction.pk], ATTRIBUTES, most_text=WHOLE)[interaction.pk]
        body = representation.represented(interaction, belonging, ATTRIBUTES)
        headers = {"Location": body["href"], "ETag": etags.of_version(interaction.version)}
        return Response(body, status=201, headers=headers)


class PartyInteraction(ApiView):
    """One interaction."""

    @extend_schema(
        operation_id="retrievePartyInteraction",
        tags=["partyInteraction"],
        parameters=[*parameters.ONE, in_path("number", "The id, such as BPI-0000042.")],
        responses={
            200: schema.PartyInteraction,
            304: OpenApiResponse(description="The version held is current."),
            **failures(400, 401, 403, 404),
        },
    )
    def get(self, request: ApiRequest, number: str) -> Response:
        wanted = selection.read(dict(request.query_params.lists()), KNOWN)
        interaction = fenced(request, most_text=WHOLE).filter(pk=searching.number_in(number) or 0).first()
        if interaction is None:
            raise Problem("60", "There is no such interaction.", status=404)
        headers = {"ETag": etags.of_version(interaction.version)}
        if etags.is_held(request, headers["ETag"]):
            return Response(status=304, headers=headers)
        belonging = parts.of_each([interaction.pk], wanted, most_text=WHOLE)[interaction.pk]
        return Response(representation.represented(interaction, belonging, wanted), headers=headers)


def fenced(request: ApiRequest, *, most_text: int) -> InteractionQuerySet:
    """What the caller may see, with what every representation shows and nothing else."""
    return representation.readable(Interaction.objects.visible_to(request.actor), most_text=most_text)


def found(rows: Any, window: paging.Window, asked: Parameters, *, key: Hashable) -> Page[Interaction]:
    """The page; a regular expression that is wrong or too costly is the client's to mend."""
    if not filters.uses_regex(asked):
        return paging.page(rows, window, key=key)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [REGEX_TIMEOUT])
            return paging.page(rows, window, key=key)
    except DataError as error:
        if not isinstance(error.__cause__, InvalidRegularExpression):
            raise
        raise query("reason.regex", "This is no regular expression.") from error
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise query("reason.regex", "This regular expression takes too long.") from error
