"""A matter as systems of its partner see it, in the words of the standard: the API answers it, webhooks carry it."""
