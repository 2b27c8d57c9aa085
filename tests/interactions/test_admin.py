"""The admin of the work: teams, plans and types are changed there, what happened is only looked at."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from interactions.domain import (
    bank_details,
    batches,
    caller_checks,
    conversation,
    desks,
    drafts,
    request_drafts,
    visits,
)
from interactions.domain.batches import Wanted
from interactions.models import (
    Attachment,
    BatchAction,
    Call,
    EnquiryFile,
    Interaction,
    Item,
    Reader,
    Skill,
    Snippet,
    StepPace,
    Team,
    Turn,
)
from interactions.payloads import File
from tests.admin_pages import filled_in, open_every_page, registered, url
from tests.factories.enquiries import an_enquiry
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_policy,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_administrator,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Client:
    return signed_in(an_administrator())


@pytest.fixture
def interaction() -> Interaction:
    """One of everything that an interaction can have."""
    acme, rosa = a_partner("Acme Wholesale"), a_representative()
    a_policy(partner=acme)
    a_type("invoice-check", plan=[("Check the amounts", a_team("checkers", lead=rosa))])
    actor, now = an_actor_for(rosa), timezone.now()
    interaction = an_interaction(
        acme,
        type="invoice-check",
        actor=actor,
        external_id="4711@example.org",
        files=[File(name="invoice.txt", content=b"120.00")],
    )
    conversation.note(interaction, f"Looks familiar, @{rosa.name}", actor=actor, at=now)
    Turn.objects.create(
        interaction=interaction, side="partner", began_at=now - timedelta(hours=1), ended_at=now, counted=timedelta(0)
    )
    StepPace.objects.create(
        type=interaction.type, name="Check the amounts", usual=timedelta(hours=1), steps=9, learned_at=now
    )
    Skill.objects.create(code="fibre", name="Fibre")
    Call.objects.create(external_id="call-1", state="ended", caller="+12025550142", updated_at=now)
    caller_checks.begin(acme, actor=actor, at=now)
    drafts.attach(interaction, [File(name="a.txt", content=b"x")], actor=actor, at=now)
    Reader.objects.create(interaction=interaction, user=rosa)
    Snippet.objects.create(name="Thanks", text="Thank you, {person}.")
    visits.note(interaction, actor=actor, at=now)
    batches.ask(Wanted(action=BatchAction.ASSIGN), {interaction.pk: 1}, actor=actor, at=now)
    desks.begin_with(desks.save("Mine", "view=mine", None, actor=actor, at=now), actor=actor)
    EnquiryFile.objects.create(enquiry=an_enquiry(at=now), file="enquiries/x", name="plan.pdf", content_type="x")
    paul = an_actor_for(a_person_of(acme))
    file = File(name="b.txt", content=b"x")
    request_drafts.keep(interaction.type, "k", {}, {"attachment": [file]}, version=0, actor=paul, at=now)
    bank_details.propose(acme, holder="Acme Inc.", iban="DE89370400440532013000", actor=paul, at=now)
    return interaction


def test_every_page_opens(subtests: pytest.Subtests, interaction: Interaction, ada: Client) -> None:
    for model in registered("interactions"):
        with subtests.test(model=model.__name__):
            open_every_page(ada, model)


def test_every_model_of_the_app_is_somewhere_in_the_admin() -> None:
    inlines = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    shown = {model.__name__ for model in set(admin.site._registry) | inlines}

    missing = {model.__name__ for model in apps.get_app_config("interactions").get_models()} - shown

    assert missing == {"ExternalIdentifier"}  # shown with the interaction in the console


def test_interactions_and_their_parts_are_found_by_number(interaction: Interaction, ada: Client) -> None:
    other = an_interaction()

    for model in (Interaction, Item, Attachment):
        found = ada.get(url(model, "changelist"), {"q": interaction.number}).context["cl"].queryset

        assert found.count() == 1, model
        assert str(other.pk) not in {str(getattr(row, "interaction_id", row.pk)) for row in found}


def test_a_list_asks_as_often_for_three_rows_as_for_one(
    interaction: Interaction, ada: Client, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for more in (0, 2):
        for _ in range(more):
            an_interaction(subject="One more")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert ada.get(url(Interaction, "changelist")).status_code == 200
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_only_representatives_can_join_a_team(ada: Client) -> None:
    outsider = a_partner("Globex")
    team = Team.objects.get(code="billing")
    from tests.factories.world import a_person_of

    mallory = a_person_of(outsider, "Mallory Fenn")
    form = filled_in(ada, url(Team, "change", team.pk)) | {
        "places-TOTAL_FORMS": "1",
        "places-0-team": team.pk,
        "places-0-user": mallory.pk,
    }

    answer = ada.post(url(Team, "change", team.pk), form)

    assert answer.status_code == 200
    assert not team.places.exists()


def test_whom_a_late_step_concerns_is_said_in_per_cent(ada: Client) -> None:
    team = a_team("checkers")
    form = filled_in(ada, url(Team, "change", team.pk))
    assert form["escalation_owner"] == "75, 100"

    refused = ada.post(url(Team, "change", team.pk), form | {"escalation_leads": "late"})
    ada.post(url(Team, "change", team.pk), form | {"escalation_leads": "150,120", "escalation_above": ""})

    assert list(refused.context["adminform"].form.errors) == ["escalation_leads"]
    team.refresh_from_db()
    assert team.escalation == {"owner": [75, 100], "leads": [120, 150]}
