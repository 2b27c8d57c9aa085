"""People of ours who are here for something else than work: an auditor looks and changes nothing, an analyst counts."""

import pytest
from django.test import Client

from interactions.domain import ownership
from interactions.errors import NotAccepted
from interactions.models import Interaction
from partners.domain import access, fence
from partners.enums import AssuranceLevel, Permission
from partners.models import Credential, Partner, RecordEntry, StaffRole, User
from partners.payloads import SYSTEM
from tests.factories.everything import Everything, everything_of
from tests.factories.world import a_partner, an_actor_for, an_analyst, an_auditor, signed_in

pytestmark = pytest.mark.django_db

WORD = "acmecanary"


@pytest.fixture
def acme() -> Everything:
    return everything_of(a_partner("Acme Wholesale"), WORD)


def browser_of(user: User) -> Client:
    return signed_in(user, level=AssuranceLevel.DOUBLE)


def test_an_auditor_is_shown_no_way_to_change_anything(acme: Everything) -> None:
    vera, partner = browser_of(an_auditor()), acme.partner.pk
    membership = acme.person.memberships.get().pk
    key = Credential.objects.filter(role__partner=partner).order_by("pk")[0]

    for address in (
        f"/console/interactions/{acme.matter.number}/",
        *(f"/console/partners/{partner}/{part}" for part in ("", "people/", f"people/{membership}/", "access/")),
        *(f"/console/partners/{partner}/access/{key.pk}/", "/console/approvals/", "/console/queue/"),
    ):
        page = vera.get(address).content.decode()
        forms = [part.split(">")[0] for part in page.split("<form")[1:] if 'method="post"' in part.split(">")[0]]
        assert [form for form in forms if "/preferences/" not in form and "/account/logout/" not in form] == [], address
        assert WORD in page or "queue" in address
    queue = vera.get("/console/queue/?unread=on&filters=1")
    assert acme.matter in queue.context["page"].rows
    assert "Unread only" not in queue.content.decode()


def test_what_an_auditor_posts_is_refused_whatever_the_page_thinks_of_it(acme: Everything) -> None:
    vera, before = browser_of(an_auditor()), RecordEntry.objects.count()

    answer = vera.post(f"/console/interactions/{acme.matter.number}/say/", {"text": "x", "mode": "note"})

    assert answer.status_code == 403
    assert "change nothing" in answer.content.decode()
    assert RecordEntry.objects.count() == before


def test_an_analyst_begins_with_the_figures_and_is_told_no_word_of_a_partner(acme: Everything) -> None:
    ines = browser_of(an_analyst())

    assert ines.get("/")["Location"] == "/console/reports/"
    page, figures = ines.get("/console/reports/"), ines.get("/console/reports/figures.csv")

    assert page.status_code == figures.status_code == 200
    assert "/console/queue/" not in page.content.decode()
    assert WORD not in page.content.decode() + figures.content.decode()


def test_the_database_shows_an_analyst_nothing_either(acme: Everything) -> None:
    with fence.standing_for(fence.side_of(an_actor_for(an_analyst(), level=AssuranceLevel.DOUBLE))):
        assert not Interaction.objects.exists()
        assert not Partner.objects.exists()
        assert not RecordEntry.objects.exists()


def test_a_staff_role_is_data_and_stands_on_the_record_as_the_role(acme: Everything) -> None:
    vera = an_auditor()
    StaffRole.objects.filter(code="auditor").update(
        permissions=[Permission.READ_MATTERS, Permission.WORK], minimum_level=AssuranceLevel.RESISTANT
    )
    vera.refresh_from_db()

    assert "/account/role/" in browser_of(vera).get("/console/queue/")["Location"]
    posted = signed_in(vera, level=AssuranceLevel.RESISTANT).post(
        f"/console/interactions/{acme.matter.number}/watch/", {"watch": "yes"}
    )

    assert posted.status_code == 302
    assert an_actor_for(vera, level=AssuranceLevel.RESISTANT).role == "auditor"


def test_no_work_and_no_money_is_given_to_who_only_looks(acme: Everything) -> None:
    vera = an_auditor()
    User.objects.filter(pk=vera.pk).update(permissions=[Permission.APPROVE_CREDIT])
    vera.refresh_from_db()

    assert Permission.APPROVE_CREDIT not in access.of_representative(vera)
    with pytest.raises(NotAccepted):
        ownership.assign(acme.matter, vera, actor=SYSTEM, at=acme.matter.created_at)
