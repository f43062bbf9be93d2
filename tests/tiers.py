"""How many examples of a property each tier of the tests tries (the tiers: conftest.py)."""

from hypothesis import settings

_QUICK = settings.get_current_profile_name() == "quick"


def tries(whole: int) -> int:
    """`whole` of them, as `make test-all` tries; in `make test` a tenth, but three at least."""
    return max(whole // 10, 3) if _QUICK else whole
