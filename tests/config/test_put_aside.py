"""What was put aside is said in the words of its page before it is done, and what is secret is never kept."""

from typing import Any

import pytest
from lxml import html

from config.account import wording
from config.account.acts import ACTS
from partners.domain import interruptions
from partners.domain.interruptions import Interruption
from partners.enums import AssuranceLevel
from partners.models import Membership
from partners.payloads import NOBODY
from tests.access.walk import addresses
from tests.factories.everything import everything_of
from tests.factories.factors import let_pass
from tests.factories.partners import MembershipFactory
from tests.factories.world import PASSWORD, a_partner, a_person_of, a_type, an_actor_for, an_administrator, signed_in

pytestmark = pytest.mark.django_db


def test_what_is_confirmed_is_said_in_the_words_of_its_page() -> None:
    paul = a_person_of(a_partner("Sunny Mobile", role="mvno"), "Paul Acheson")
    sunny, globex = paul.memberships.get(), MembershipFactory.create(user=paul, partner=a_partner("Globex Mobile"))
    Membership.objects.filter(pk=sunny.pk).update(is_administrator=True)
    nora = a_person_of(sunny.partner, "Nora Field").memberships.get()
    an_order = a_type("sim-order", fields=[{"name": "sim_kind", "label": "Kind of card", "kind": "text"}])
    role, choice = sunny.roles.get(), {one: f"{one.pk}:{one.roles.get().pk}" for one in (sunny, globex)}
    people, keys = "/portal/organisation/people/", "/portal/organisation/access/"
    browser = signed_in(paul, level=AssuranceLevel.DOUBLE)
    browser.post("/portal/acting/", {"choice": choice[globex]})  # so all of it is put aside

    def confirming(path: str, **filled: Any) -> list[str]:
        held = browser.post(path, {"acting": choice[sunny], "nonsense": "code_of_ours", **filled})
        page = html.fromstring(browser.get(held.headers["Location"]).text)
        shown = page.xpath("//main//p[strong] | //dl[@class='kept']/div")
        return [" ".join(" ".join(one.itertext()).split()) for one in shown]

    assert confirming(f"{people}{nora.pk}/", act="name_administrator") == ["Make administrator Nora Field"]
    assert confirming(f"{people}{nora.pk}/", act="give_role", role=role.pk) == [
        "Give a role Nora Field",
        f"Role {role.kind.name}",
    ]
    filled: dict[str, Any] = {
        "name": "Nina",
        "address": "nina@sunny.example",
        "roles": [role.pk],
        "is_administrator": "on",
    }
    assert confirming(f"{people}invite/", **filled) == [
        "Send the invitation",
        *("Name Nina", "E-mail address nina@sunny.example", f"Roles {role.kind.name}", "Administrator Yes"),
    ]
    filled = {"kind": "client", "role": role.pk, "scopes": ["interactions:read"], "ends_on": "2031-02-03", "once": "x"}
    assert confirming(f"{keys}new/", **filled) == [
        "Make it and show the secret",
        "For A system, by OAuth 2 client credentials",
        f"In the role {role.kind.name} (API client)",
        *("May Read interactions", "Last day 3 Feb 2031"),
    ]
    filled = {"subject": "Cards", "priority": "2", "visibility": "named", "readers": [nora.user_id], "key": "4711"}
    lines = {"line-1-what": "SIM card", "line-1-quantity": "5", "line-2-what": "", "line-2-quantity": "1"}
    assert confirming(f"/portal/interactions/new/{an_order.code}/", field_sim_kind="nano", **filled, **lines) == [
        f"Send request {an_order.name}",
        *(
            "Kind of card nano",
            "Subject Cards",
            "Priority High",
            "Who sees it Named colleagues and me",
            "Colleagues Nora Field",
        ),
        *("What 1 SIM card", "Quantity 1 5"),
    ]
    elsewhere = confirming("/portal/interactions/BPI-9999999/move/", move="reopen", reason="It broke again")
    assert elsewhere == ["Reopen it", "Reason It broke again"]


def test_a_password_is_not_kept_for_whoever_signs_in_again() -> None:
    browser = signed_in(a_person_of(a_partner("Sunny Mobile", role="mvno"), "Paul Acheson", password=PASSWORD))
    let_pass(browser, minutes=121)
    changed = {"oldpassword": PASSWORD, "password1": "a new one of mine", "password2": "a new one of mine"}

    late = browser.post("/account/password/change/", changed)

    assert late.headers["Location"].startswith("/account/login/")
    assert "step-up" not in late.headers["Location"]
    assert interruptions.KEY not in browser.session


def test_every_act_can_be_said_whatever_was_sent_and_no_code_is_shown() -> None:
    acme = everything_of(a_partner("Acme Wholesale"))
    ada = an_actor_for(an_administrator(), level=AssuranceLevel.DOUBLE)
    said = []

    for door, address in addresses(acme, admin=False):
        if act := ACTS.get(door.name):
            fields = {name: field for form in act.forms for name, field in form.base_fields.items()}
            chosen = {name for name, field in fields.items() if hasattr(field, "choices")} | {*act.buttons, "nonsense"}
            sent = [(name, "a_code" if name in chosen else "Words") for name in {*fields, *chosen, "field_serial"}]
            aside = Interruption(address=address, is_post=True, fields=[*sent, ("line-1-what", "")])
            said += [wording.said(aside, actor) for actor in (acme.actor, ada, NOBODY)]

    assert len(said) == 3 * len(ACTS)
    assert all(one.button for one in said)
    assert "a_code" not in str(said)
    assert "Olga canary" in {one.about for one in said}
