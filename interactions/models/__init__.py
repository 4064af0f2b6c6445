"""What happened, what we owe, and what was shown."""

from interactions.models.briefing import Briefing, BriefingLetter, HandoverNote
from interactions.models.calendar import CalendarFeed
from interactions.models.complaint import Complaint, ComplaintStep, Escalation
from interactions.models.cue_answer import CueAnswer
from interactions.models.delivery import Delivery
from interactions.models.digest import Digest
from interactions.models.feedback import Feedback
from interactions.models.follow_up import FollowUp, FollowUpEvent, FollowUpQuerySet
from interactions.models.interaction import Channel, Interaction, InteractionItem, Outcome, PreferenceSource
from interactions.models.item_stat import ItemPair, ItemStat
from interactions.models.loan import Loan
from interactions.models.message import ContactRules, CustomerMessage, MessageTemplate
from interactions.models.out_today import OutToday
from interactions.models.playbook import Playbook, PlaybookDeed
from interactions.models.survey import Survey
from interactions.models.visit import Visit, VisitQuerySet
from interactions.models.webhook import Webhook

__all__ = [
    "Briefing",
    "BriefingLetter",
    "CalendarFeed",
    "Channel",
    "Complaint",
    "ComplaintStep",
    "ContactRules",
    "CueAnswer",
    "CustomerMessage",
    "Delivery",
    "Digest",
    "Escalation",
    "Feedback",
    "FollowUp",
    "FollowUpEvent",
    "FollowUpQuerySet",
    "HandoverNote",
    "Interaction",
    "InteractionItem",
    "ItemPair",
    "ItemStat",
    "Loan",
    "MessageTemplate",
    "OutToday",
    "Outcome",
    "Playbook",
    "PlaybookDeed",
    "PreferenceSource",
    "Survey",
    "Visit",
    "VisitQuerySet",
    "Webhook",
]
