"""Every fact of the stream of an application, wherever it is defined."""

from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationReceived,
    ApplicationRefused,
    ChangeApproved,
    ChangeRejected,
    ChangeRequested,
    CheckAnswered,
    PaperAnnulled,
    PaperCorrected,
)
from registry.aggregates.case.found import NewcomerRecognised, SentFoundUntrue
from registry.aggregates.case.unfinished import (
    ApplicationAmended,
    ApplicationLeftWithoutMovement,
    ApplicationMovesAgain,
    ApplicationWithdrawn,
    PapersBrought,
)

ApplicationFact = (
    ApplicationReceived
    | CheckAnswered
    | PapersBrought
    | ApplicationLeftWithoutMovement
    | ApplicationMovesAgain
    | ApplicationWithdrawn
    | ApplicationAmended
    | NewcomerRecognised
    | SentFoundUntrue
    | ApplicationGranted
    | ApplicationRefused
    | ApplicationBarred
    | ChangeRequested
    | ChangeApproved
    | ChangeRejected
    | PaperCorrected
    | PaperAnnulled
)
