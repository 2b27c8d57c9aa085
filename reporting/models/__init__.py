from reporting.models.day import Day

__all__ = ["Day"]
