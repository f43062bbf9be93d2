"""How many examples of a property each tier of the tests tries (the tiers: conftest.py). A test that asks this without
Hypothesis is marked `examples`, so that `make test-all` runs it again (test_house.py holds that)."""

from hypothesis import settings

_QUICK = settings.get_current_profile_name() == "quick"


def tries(whole: int) -> int:
    """`whole` of them, as `make test-all` tries; in `make test` a tenth, but three at least."""
    return max(whole // 10, 3) if _QUICK else whole
