import pytest
from django.test import Client

from interactions.models import Interaction, Team
from partners.models import Partner, User
from tests.factories.world import a_partner, a_person_of, a_representative, a_team, an_interaction, signed_in


@pytest.fixture
def rosa() -> User:
    return a_representative()


@pytest.fixture
def front_desk(rosa: User) -> Team:
    return a_team("front-desk", members=[rosa])


@pytest.fixture
def browser(rosa: User, front_desk: Team) -> Client:
    """Rosa's, signed in."""
    return signed_in(rosa)


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def paul(acme: Partner) -> User:
    return a_person_of(acme, "Paul Acheson")


@pytest.fixture
def matter(acme: Partner, rosa: User, paul: User) -> Interaction:
    return an_interaction(acme, subject="Invoice 4711 is wrong", sender=paul.email)
