"""The properties of channels are about what is read, not about how fast a busy machine reads it."""

from hypothesis import settings

settings.register_profile("channels", deadline=None)
settings.load_profile("channels")
