import pytest

from tests.factories.world import a_partner, a_person_of, a_representative, a_team, an_interaction, signed_in

pytestmark = pytest.mark.django_db


def test_pages_open():
    rosa = a_representative()
    team = a_team("front-desk", members=[rosa])
    partner = a_partner()
    a_person_of(partner)
    interaction = an_interaction(partner)
    client = signed_in(rosa)
    for url in ["/console/work/", "/console/queue/", f"/console/interactions/{interaction.number}/", "/console/calls/new/", "/console/raise/?q=Acme", f"/console/raise/?partner={partner.pk}", "/console/triage/", "/console/search/?q=invoice"]:
        response = client.get(url)
        assert response.status_code == 200, url
