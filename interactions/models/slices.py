"""Interactions in slices of their ids: the index of words is asked for one slice at a time, the newest first."""

from django.db import models

BITS = 14  # of an id that a slice leaves out: it holds 16,384 interactions


class Slice(models.Func):
    """In which slice an id lies; written out, since a parameter would not be known as what the index holds."""

    template = f"(%(expressions)s >> {BITS})"
    output_field = models.BigIntegerField()


def slice_of(found: int) -> int:
    return found >> BITS
