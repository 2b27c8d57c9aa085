"""A simulated year of one team: everything through the verbs that people and systems use, with the time passed in."""
