"""The event kernel: facts are stored with the change that caused them, and every reaction happens, once.

Read in this order: `facts` (what a fact is), `registry` (who reacts), `outbox` (how it is stored), `handout` (what
happens after the commit), `deliveries` (how one reaction runs), `relay` (what is past due), `transport` (who carries).
"""

from app.events.deliveries import Delivery
from app.events.facts import RecordedEvent, event
from app.events.outbox import emit
from app.events.registry import ANY, receiver
from app.events.states import StateTransitioned, TransitionRefused, transition

__all__ = [
    "ANY",
    "Delivery",
    "RecordedEvent",
    "StateTransitioned",
    "TransitionRefused",
    "emit",
    "event",
    "receiver",
    "transition",
]
