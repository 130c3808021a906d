from medskick.dialog.sessions.models import (
    Answer,
    AnswerDecision,
    JoinCode,
    LiveSession,
    Participant,
    Question,
    QuestionOpening,
    SessionTransition,
)

__all__ = [
    "Answer",
    "AnswerDecision",
    "JoinCode",
    "LiveSession",
    "Participant",
    "Question",
    "QuestionOpening",
    "SessionTransition",
]
