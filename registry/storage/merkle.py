"""The tree over a journal (RFC 6962, RFC 9162): its head, and proofs that are checked without the journal.

Pure. Leaves are given as the tables keep them, already hashed (`mapper.leaf`); an index counts them from 0, so that the
entry at a position is the leaf with the index one less.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256().digest()
"""The root of a tree without leaves."""


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves, in one pass that keeps one hash for each power of two."""
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves, 1):
        peaks.append(leaf)
        for _ in range(_zeros(size)):
            right = peaks.pop()
            peaks.append(_node(peaks.pop(), right))
    while len(peaks) > 1:
        right = peaks.pop()
        peaks.append(_node(peaks.pop(), right))
    return peaks[0] if peaks else EMPTY


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What shows that the leaf with an index is in the tree of all these leaves. Raises ValueError: no such leaf."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*inclusion_proof(leaves[:half], index), root(leaves[half:])]
    return [*inclusion_proof(leaves[half:], index - half), root(leaves[:half])]


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """What shows that the tree of all these leaves only continues that of the `first` of them, of which there must be
    at least one: anything continues nothing. Raises ValueError: not that many leaves."""
    if not 0 < first <= len(leaves):
        raise ValueError(f"no tree of {first} within {len(leaves)}")
    return _continuation(leaves, first, known=True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Whether a proof shows that a leaf stands at an index of the tree of this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = _node(step, found)
            skipped = _zeros(at)
            at, last = at >> skipped, last >> skipped
        else:
            found = _node(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == head


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_head: bytes, second_head: bytes) -> bool:
    """Whether a proof shows that the tree of the second size and root only continues the first (RFC 9162, 2.1.4.2)."""
    if first == second and first > 0:
        return not proof and first_head == second_head
    if not 0 < first < second or not proof:
        return False
    # The root of a whole power of two is its own first step, and is left out of the proof.
    start, *steps = [first_head, *proof] if first & (first - 1) == 0 else proof
    skipped = _zeros(first)
    at, last = (first - 1) >> skipped, (second - 1) >> skipped
    old = new = start
    for step in steps:
        if last == 0:
            return False
        if at % 2 or at == last:
            old, new = _node(step, old), _node(step, new)
            skipped = _zeros(at)
            at, last = at >> skipped, last >> skipped
        else:
            new = _node(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_head and new == second_head


def _continuation(leaves: Sequence[bytes], first: int, known: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1; `known`: whoever checks has the root of exactly these first leaves."""
    if first == len(leaves):
        return [] if known else [root(leaves)]
    half = _half(len(leaves))
    if first <= half:
        return [*_continuation(leaves[:half], first, known), root(leaves[half:])]
    return [*_continuation(leaves[half:], first - half, known=False), root(leaves[:half])]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _half(size: int) -> int:
    """The largest power of two below a size of at least 2: where its tree is cut."""
    return 1 << ((size - 1).bit_length() - 1)


def _zeros(number: int) -> int:
    """How many zero bits a number ends with; none for 0, which is at the left edge on every level."""
    return (number & -number).bit_length() - 1 if number else 0
