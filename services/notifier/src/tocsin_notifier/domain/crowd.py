"""Events that very many articles tell of: those that add nothing are only counted.

So the cost of one more report does not grow with the reports before it.
"""

from collections.abc import Callable
from itertools import islice

from tocsin_notifier.domain.keys import mention_bucket
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventRecord, Mention
from tocsin_notifier.domain.view import View

FULL = 200
"""So many articles of an event are looked at with each report; more than any limit of an alert."""

TRIES = 8
"""How many articles are tried with one report."""

BACK = 20
"""How many articles are looked at again when others were corrected or withdrawn."""

Look = Callable[[EventRecord], View | None]
"""How an event looks now."""


def thin_out(pending: Pending, event: EventRecord, view: View, look: Look) -> None:
    """Only count those articles beyond `FULL` without which the event looks the same."""
    members = pending.members(event.event_id)
    spare = len(members) - FULL
    if spare <= 0:
        return
    # The newest one holds the event open; those just before it are the likeliest to add nothing.
    for candidate in islice(reversed(members[:-1]), TRIES):
        pending.mention(candidate)
        if look(event) == view:
            spare -= 1
            if spare == 0:
                return
        else:
            pending.recall(candidate)


def bring_back(pending: Pending, event: EventRecord) -> None:
    """Look again at some of the articles that were only counted, now that others are gone."""
    for held in pending.find(mention_bucket(event.event_id), Mention)[:BACK]:
        pending.recall(held.article)
