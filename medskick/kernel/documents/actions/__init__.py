"""The verbs of document control: drafting, fixing, classifying, sending on remiss."""

from medskick.kernel.documents.actions.classifying import agree_to_lowering, classify, leave_closed, refuse_lowering
from medskick.kernel.documents.actions.drafting import (
    LaterVersion,
    change_draft,
    draft_document,
    keep_unchanged,
    look_after,
    note_review,
    share_working_paper,
)
from medskick.kernel.documents.actions.fixing import Openness, fix_version, publish_version
from medskick.kernel.documents.actions.referrals import (
    answer_referral,
    ask_more_time,
    circulate,
    decline_referral,
    give_more_time,
    refuse_more_time,
    remind,
)
from medskick.kernel.documents.actions.versions import note_event

__all__ = [
    "LaterVersion",
    "Openness",
    "agree_to_lowering",
    "answer_referral",
    "ask_more_time",
    "change_draft",
    "circulate",
    "classify",
    "decline_referral",
    "draft_document",
    "fix_version",
    "give_more_time",
    "keep_unchanged",
    "leave_closed",
    "look_after",
    "note_event",
    "note_review",
    "publish_version",
    "refuse_more_time",
    "refuse_lowering",
    "remind",
    "share_working_paper",
]
