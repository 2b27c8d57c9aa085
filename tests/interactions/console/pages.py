"""Addresses of the console and what its forms carry."""

from typing import Any

from django.test import Client
from django.urls import reverse

from interactions.models import Interaction


def at(interaction: Interaction, name: str = "page", *more: Any) -> str:
    return reverse(f"console-interactions:{name}", args=[interaction.number, *more])


def post(browser: Client, interaction: Interaction, name: str, *more: Any, version: Any = None, **fields: Any) -> Any:
    """Send one of the forms of an interaction's page, at the version that it has now unless another is given."""
    now = Interaction.objects.values_list("version", flat=True).get(pk=interaction.pk)
    return browser.post(at(interaction, name, *more), {"version": now if version is None else version, **fields})


def text_of(response: Any) -> str:
    return str(response.content.decode())
