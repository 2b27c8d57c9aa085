"""What every page of the admin is asked, whichever app it belongs to."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import MultiWidget, Select
from django.test import Client
from django.urls import reverse

NASTY = ["BPI-0000001", "no such thing", "\x00", "9" * 40, "'; --", "ü" * 300]


def registered(app_label: str) -> list[type[models.Model]]:
    return sorted(
        (model for model in admin.site._registry if model._meta.app_label == app_label), key=lambda m: m.__name__
    )


def url(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def open_every_page(client: Client, model: type[models.Model]) -> None:
    """The list, every search, the form for a new one where there may be one, and the page of each row."""
    assert client.get(url(model, "changelist")).status_code == 200
    for text in NASTY if admin.site._registry[model].search_fields else []:
        assert client.get(url(model, "changelist"), {"q": text}).status_code == 200, text
    rows = list(model._default_manager.all()[:3])
    assert rows, f"there is no {model.__name__} to look at"
    for row in rows:
        assert client.get(url(model, "change", row.pk)).status_code == 200
    if is_read_only(model):
        refuses_everything(client, model, rows[0])
    else:
        assert client.get(url(model, "add")).status_code == 200


def is_read_only(model: type[models.Model]) -> bool:
    return admin.site._registry[model].__class__.has_change_permission.__qualname__.startswith("ReadOnly.")


def refuses_everything(client: Client, model: type[models.Model], row: models.Model) -> None:
    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "add"), {}).status_code == 403
    assert client.post(url(model, "change", row.pk), {}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


def filled_in(client: Client, address: str) -> dict[str, Any]:
    """The form of an admin page as it would be sent unchanged, inlines included."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    given: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            given |= sent(bound, bound.html_name)
            if bound.field.show_hidden_initial:
                given |= sent(bound, bound.html_initial_name)
    return given


def sent(bound: Any, name: str) -> dict[str, Any]:
    """One field as a browser sends it: nothing for an empty box."""
    value = bound.value()
    if isinstance(bound.field.widget, MultiWidget) and isinstance(value, dict):
        parts = bound.field.widget.decompress(value) or []
        names = bound.field.widget.widgets_names  # type: ignore[attr-defined]  # the stubs do not know it
        return {f"{name}{part}": one for part, one in zip(names, parts, strict=True)}
    if hasattr(bound.field.widget, "formset"):
        return sent_rows(bound.field.widget.get_context(name, value, {"id": name})["formset"])
    if value is None and isinstance(bound.field.widget, Select) and not bound.field.widget.allow_multiple_selected:
        value = next((code for code, _label in bound.field.widget.choices), None)  # a list sends its first line
    if value is None or value is False:
        return {}
    if value is True:
        return {name: "on"}
    return {name: [getattr(one, "pk", one) for one in value] if isinstance(value, list | tuple) else value}


def sent_rows(formset: Any) -> dict[str, Any]:
    """A list that is edited as rows, each with all its boxes."""
    given: dict[str, Any] = {}
    for form in [formset.management_form, *formset.forms]:
        for bound in form:
            given |= sent(bound, bound.html_name)
    return given
