"""A model on ``transitions``, guarded by an agreement."""
