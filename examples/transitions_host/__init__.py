"""A model on ``transitions``, guarded by an agreement. README.md says what to read."""
