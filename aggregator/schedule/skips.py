"""RSS skipHours and skipDays: hours and weekdays (GMT) in which a publisher wishes not to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from aggregator.model import PollHints

_HOURS_OF_A_WEEK = 24 * 7


def after_skips(at: datetime, hints: PollHints) -> tuple[datetime, str]:
    """The first moment from `at` on that is in no skipped hour or day, and what was skipped.

    A feed that skips everything is not obeyed: `at` comes back unchanged. Minutes are kept, so that sources
    that skip the same hours do not all come at the hour's beginning.
    """
    moment = at
    for _ in range(_HOURS_OF_A_WEEK):
        by_day, by_hour = moment.weekday() in hints.skip_days, moment.hour in hints.skip_hours
        if not by_day and not by_hour:
            return moment, "" if moment == at else "skipHours or skipDays"
        moment += timedelta(hours=1)
    return at, ""
