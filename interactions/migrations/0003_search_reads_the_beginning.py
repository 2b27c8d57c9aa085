"""A search vector has at most 1 MB: the beginning of a text is searched, the whole of it is kept."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Left

MOST_INDEXED = 50_000


def vector(*parts: str | Left) -> models.GeneratedField:
    return models.GeneratedField(
        db_persist=True,
        expression=django.contrib.postgres.search.SearchVector(*parts, config="simple"),
        output_field=django.contrib.postgres.search.SearchVectorField(),
    )


def replaced(model: str, index: str, *parts: str | Left) -> list[Operation]:
    gin = django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["search"], name=index)
    return [
        migrations.RemoveIndex(model, index),
        migrations.RemoveField(model, "search"),
        migrations.AddField(model, "search", vector(*parts)),
        migrations.AddIndex(model, gin),
    ]


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_direction_is_fixed")]

    operations = [
        *replaced("interaction", "interaction_search", "subject", Left("description", MOST_INDEXED)),
        *replaced("item", "item_search", Left("text", MOST_INDEXED)),
    ]
