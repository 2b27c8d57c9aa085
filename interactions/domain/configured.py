"""What people read of the configuration of types, plans and teams."""

from collections.abc import Iterable, Iterator

from interactions.domain.fields import Field
from interactions.models import InteractionType, Plan, PlanStep, Team, TypeVersion


def texts() -> Iterator[str]:
    """Of all versions of the types: a matter keeps the one it began with."""
    for names in (
        InteractionType.objects.values_list("name", "description"),
        PlanStep.objects.values_list("name", "partner_wording", "instructions"),
        Plan.objects.values_list("name"),
        Team.objects.values_list("name"),
        TypeVersion.objects.values_list("cancel_consequence"),
    ):
        for row in names:
            yield from row
    for asked, codes in TypeVersion.objects.values_list("fields", "resolution_codes"):
        yield from of_fields(asked)
        yield from (code["label"] for code in codes)
    for asked in PlanStep.objects.values_list("form", flat=True):
        yield from of_fields(asked)


def of_fields(asked: Iterable[Field]) -> Iterator[str]:
    for field in asked:
        yield from (field["label"], field.get("help", ""), *field.get("choices", ()))
