"""What is configured is read in the language of whoever looks: in our words, or in those that were entered here."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from interactions.models import InteractionType
from partners.domain.translations import configured, gather, translated, words_of
from partners.enums import ActorKind
from partners.models import RecordEntry, Translation
from tests.factories.world import a_partner, a_person_of, a_representative, a_type, an_administrator, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_own_translations")]

LIST = "/admin/partners/translation/"


def test_everything_that_an_installation_starts_with_is_in_the_catalogue() -> None:
    call_command("load_defaults", verbosity=0)

    with Path(settings.BASE_DIR, "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        known = {message.id for message in read_po(file, locale="de") if message.string}
    assert len(configured()) > 200
    assert configured() - known == set()


def test_what_was_entered_here_is_read_and_else_our_words() -> None:
    Translation.objects.create(text="Fault report", language="de", words="Entstörauftrag")
    Translation.objects.create(text="Mastmiete", language="en", words="Tower lease")
    Translation.objects.create(text="Planned work", language="de")

    with override("de"):
        assert [translated(text) for text in ("Fault report", "Planned work", "Mastmiete", "")] == [
            "Entstörauftrag", "Geplante Arbeiten", "Mastmiete", "",
        ]  # fmt: skip
    with override("en"):
        assert [translated(text) for text in ("Fault report", "Mastmiete")] == ["Fault report", "Tower lease"]


def test_what_the_system_wrote_into_the_record_is_read_so_too_and_what_a_person_wrote_is_not() -> None:
    reason = {"reason": {"text": "Nobody objected to the solution in time.", "salt": ""}}
    kinds = (ActorKind.SYSTEM, ActorKind.REPRESENTATIVE)

    with override("de"):
        read = [words_of(RecordEntry(actor_kind=kind, texts=reason), "reason") for kind in kinds]

    assert read == ["Der Lösung wurde nicht fristgerecht widersprochen.", "Nobody objected to the solution in time."]


def test_texts_are_gathered_that_no_catalogue_has_and_go_when_nobody_needs_them() -> None:
    lease = a_type("lease", name="Tower lease", fields=[{"name": "mast", "label": "Mast number", "kind": "text"}])
    Translation.objects.create(text="Gone", language="de")
    Translation.objects.create(text="Gone, but told", language="de", words="Weg, aber gesagt")

    gather()

    waiting = set(Translation.objects.filter(words="").values_list("text", "language"))
    assert {("Tower lease", "de"), ("Mast number", "de")} <= waiting
    assert not {text for text, _ in waiting} & {"Gone", "Fault report"}
    assert Translation.objects.filter(text="Gone, but told").exists()
    assert gather() == (0, 0)
    InteractionType.objects.filter(pk=lease.pk).update(name="Lease of a tower")
    assert gather() == (1, 1)


def test_they_are_filled_in_in_the_list_and_read_at_once() -> None:
    a_type("lease", name="Tower lease")
    ada = signed_in(an_administrator())
    paul = signed_in(a_person_of(a_partner(), language="de"))

    told = ada.post(f"{LIST}gather/", follow=True)
    assert "added" in str(next(iter(told.context["messages"])))
    filled(ada, "Tower lease", "Mastmiete")

    assert "Mastmiete" in paul.get("/portal/interactions/new/").content.decode()
    changes = RecordEntry.objects.of_stream("installation").filter(event="configuration.changed").order_by("sequence")
    assert [entry.facts["done"] for entry in changes if entry.facts["kind"] == "partners.translation"] == [
        "gathered",
        "changed",
    ]
    row = Translation.objects.get(text="Tower lease")
    ada.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})
    assert "Mastmiete" not in paul.get("/portal/interactions/new/").content.decode()


def filled(client: Client, text: str, words: str) -> None:
    """Fill in one row of the list, and save it."""
    forms = client.get(LIST, {"q": text}).context["cl"].formset
    sent = {f"{forms.prefix}-{name}": forms.management_form[name].value() for name in forms.management_form.fields}
    for form in forms:
        sent |= {f"{form.prefix}-id": form.instance.pk, f"{form.prefix}-words": form["words"].value()}
        if form.instance.text == text:
            sent[f"{form.prefix}-words"] = words
    assert client.post(f"{LIST}?q={text}", {**sent, "_save": "Save"}).status_code == 302


def test_only_what_is_configured_is_translated_and_once() -> None:
    a_type("lease", name="Tower lease")
    ada = signed_in(an_administrator())
    words = {"text": "Tower leese", "language": "de", "words": "Mastmiete"}

    assert "Nothing that is configured reads so" in ada.post(f"{LIST}add/", words).content.decode()
    assert ada.post(f"{LIST}add/", words | {"text": "Tower lease"}).status_code == 302
    assert (
        "has a translation into that language"
        in ada.post(f"{LIST}add/", words | {"text": "Tower lease"}).content.decode()
    )
    assert Translation.objects.count() == 1


def test_gathering_is_for_those_who_may_add() -> None:
    staff = a_representative("Sam Reed")
    staff.is_staff = True
    staff.save()

    assert signed_in(staff).post(f"{LIST}gather/").status_code == 403
    assert signed_in(an_administrator()).get(f"{LIST}gather/").status_code == 405
