from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from interactions.models.slices import Slice


class Migration(migrations.Migration):
    atomic = False  # made while others write and search; a run that was cut off is told of in docs/operations.md

    dependencies = [("interactions", "0008_piled_up_work")]

    operations = [
        AddIndexConcurrently(
            model_name="interaction",
            index=GinIndex(Slice("id"), models.F("search"), fastupdate=False, name="interaction_words"),
        ),
        AddIndexConcurrently(
            model_name="item",
            index=GinIndex(Slice("interaction_id"), models.F("search"), fastupdate=False, name="item_words"),
        ),
        RemoveIndexConcurrently(model_name="interaction", name="interaction_search"),
        RemoveIndexConcurrently(model_name="item", name="item_search"),
    ]
