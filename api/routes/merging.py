"""One person who was entered twice: the one entry goes into the other, or is taken out of it again (semantics 1.9)."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, Acting
from api.forms import DryRun, Merge, MergeTakingBack
from api.shapes.names import UNKNOWN
from registry.aggregates.person.merge_requests import AnnulMerge, MergeEntries

router = APIRouter(prefix="/api/v1/persons/{person}", tags=["persons"])


@router.post("/merge", status_code=201, responses=MAY_WAIT)
def merge(person: str, body: Merge, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """This entry and that of `into` are one person: that one stays, and answers to this one's id and mark."""
    request = MergeEntries(
        person=asking.person(person),
        into=asking.relative(body.into) or UNKNOWN,
        keep=frozenset(body.keep),
        reason=body.reason,
        confirmed=body.confirmed,
    )
    return asking.tried(request) if how.dry_run else asking.act(request)


@router.post("/merge-annulment", status_code=201, responses=MAY_WAIT)
def annul(person: str, body: MergeTakingBack, asking: Acting) -> JSONResponse:
    """They are two people after all: this entry, by its own id or mark, is as it was."""
    return asking.act(AnnulMerge(person=asking.merged(person), basis=body.basis))
