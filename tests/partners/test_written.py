import pytest
from django.db.models import CharField, QuerySet

from partners.domain.written import Given, Written
from partners.models import PartnerRole
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db


def test_a_question_is_composed_once_and_answers_what_it_is_asked_each_time() -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    composed = []

    def compose() -> QuerySet[PartnerRole]:
        composed.append(1)
        return PartnerRole.objects.filter(partner__name=Given("name", CharField())).select_related("partner")

    question = Written(compose)
    found = [[role.partner for role in question.ask(name=name)] for name in (acme.name, globex.name, "Nobody")]

    assert found == [[acme], [globex], []]
    assert len(composed) == 1
