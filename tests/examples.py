"""How many examples a slow property gets: a share of those of the profile in ``conftest``."""

from hypothesis import settings

FEW = settings(max_examples=settings().max_examples // 4)
