"""When a source will probably post again, judged by when it posted before.

    posts -> one per minute -> overall rate x hour factor x weekday factor -> time until half a post is expected

Posts are taken for a Poisson process whose rate follows the hour of the day and the day of the week. All hours
and days are UTC: no feed says reliably where its editors sleep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from math import exp

from aggregator.schedule.spans import format_span

FEWEST_POSTS = 5
"""Fewer minutes with posts than this tell nothing."""

ENOUGH = 0.5
"""Expected new posts that are worth a poll: it comes about as often too early as too late."""

HOURS, WEEKDAYS, WEEK = 24, 7, 168

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_THURSDAY = 3  # it was
_MINUTE = timedelta(minutes=1)
_HOUR, _DAY = (
    60,
    1440,
)  # in minutes since then, whole numbers, all is reckoned: that takes a third of datetimes' time
_PRIOR = 2.0  # posts we pretend to have seen where they were expected: so much it takes to believe in a habit
_DAYS_FOR_A_HABIT = 6
_FOR_WEEKDAYS = 14 * 1440  # minutes
_WIDEST_WINDOW = 10
_ABOUT, _USUALLY = "posts about every ", "usually posts "
_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How long a source may be left alone until its next post, and the reason in words.

    Attributes:
        wait: From now until a poll is worth its while.
        reason: For people: `usually posts Mondays`, `posts about every 3d`.
    """

    wait: timedelta
    reason: str


def forecast(
    posted: Sequence[datetime], now: datetime, *, shortest: timedelta, longest: timedelta
) -> Forecast | None:
    """How long to wait for this source's next post, or None if too little is known of it.

    Args:
        posted: When its newest posts were published; UTC, in any order. Posts of the same minute count once,
            for a bulk import is one event, and posts of the future not at all.
        now: UTC.
        shortest: The wait is never less (this bound wins if the two contradict each other).
        longest: The wait is never more.
    """
    seen = _minutes(posted, now)
    if len(seen) < FEWEST_POSTS:
        return None
    at = (now - _EPOCH) / _MINUTE
    rate, rest = _rate(seen, at), _rest(seen, at)
    start = _hour_of_week(int(at)) + rest / _HOUR
    wait = timedelta(hours=rest / _HOUR + _hours_until_enough(rate, _habits(seen, at), start))
    return Forecast(wait=max(shortest, min(wait, longest)), reason=_reason(seen, at, rate))


def usual_rhythm(posted: Sequence[datetime], now: datetime) -> str | None:
    """The reason that `forecast` gives: how often, or when, a source posts; None if too little is known of it."""
    seen, at = _minutes(posted, now), (now - _EPOCH) / _MINUTE
    return _reason(seen, at, _rate(seen, at)) if len(seen) >= FEWEST_POSTS else None


def is_habit(reason: str) -> bool:
    """Whether a due time's reason is one that `forecast` gives."""
    return reason.startswith((_ABOUT, _USUALLY))


def _minutes(posted: Sequence[datetime], now: datetime) -> list[int]:
    return sorted({(moment - _EPOCH) // _MINUTE for moment in posted if moment <= now})


def _rate(seen: Sequence[int], now: float) -> float:
    """Posts per hour since the first one.

    The first counts half: of a regular feed, that is right on average over the moments at which one may ask.

    A post's weight falls by e with each half of the span, so that a feed that fell silent, or woke up, is soon
    believed.
    """
    scale = (now - seen[0]) / 2
    weight = sum(exp((minute - now) / scale) for minute in seen) - exp(-2) / 2
    return weight / (scale / _HOUR * (1 - exp(-2)))


def _rest(seen: Sequence[int], now: float) -> float:
    """Minutes that are left of the pause that a source takes after each post: half of its shorter gaps.

    Without it, whoever posts daily at nine would be expected to post again at five past nine.
    """
    gaps = sorted(later - earlier for earlier, later in pairwise(seen))
    return max(0.0, gaps[len(gaps) // 4] / 2 - (now - seen[-1]))


@dataclass(frozen=True, slots=True)
class _Habits:
    """When a source posts, by its past: how many times more than usual.

    Attributes:
        by_hour: In each hour of the day.
        by_weekday: On each day of the week, from Monday on.
    """

    by_hour: Sequence[float]
    by_weekday: Sequence[float]


def _habits(seen: Sequence[int], now: float) -> _Habits:
    """What the posts tell, against the hours that were lived through since the first of them.

    These are whole weeks and a rest, which is whole days and some hours more.
    """
    weeks, rest = divmod(max(1, round(now / _HOUR - seen[0] // _HOUR)), WEEK)
    days, more = divmod(rest, HOURS)
    begin = int(_hour_of_week(seen[0]))
    hours, weekdays = [0] * HOURS, [0] * WEEKDAYS
    for minute in seen:
        hours[minute // _HOUR % HOURS] += 1
        weekdays[_weekday(minute)] += 1
    return _Habits(
        _factors(
            _blur(hours),
            _blur([weeks * WEEKDAYS + days + ((hour - begin) % HOURS < more) for hour in range(HOURS)]),
        ),
        _factors(
            weekdays,
            [weeks * HOURS + _hours_of_day(day, begin, begin + rest) for day in range(WEEKDAYS)],
        ),
    )


def _hours_of_day(day: int, begin: int, end: int) -> int:
    """How many of the hours from `begin` to `end`, counted from a Monday on, are of a weekday."""
    starts = (day * HOURS, day * HOURS + WEEK)  # this week or the next
    return sum(max(0, min(end, start + HOURS) - max(begin, start)) for start in starts)


def _factors(counts: Sequence[float], lived: Sequence[float]) -> list[float]:
    """How many times more posts than usual fall on each hour or weekday.

    Measured against the time lived through: a feed of two days says nothing of the other five, and they get 1.
    """
    per_hour, prior = sum(counts) / sum(lived), _PRIOR / len(counts)
    return [(count + prior) / (time * per_hour + prior) for count, time in zip(counts, lived, strict=True)]


def _blur(hours: Sequence[float]) -> list[float]:
    """Each hour shared with its neighbours: 08:58 and 09:02 are the same habit."""
    around = zip((hours[-1], *hours[:-1]), hours, (*hours[1:], hours[0]), strict=True)
    return [before / 4 + hour / 2 + after / 4 for before, hour, after in around]


def _hours_until_enough(rate: float, habits: _Habits, start: float) -> float:
    """From `start`, in hours since Monday 00:00, until ENOUGH posts are expected; a week at most."""
    missing, here = ENOUGH, start
    for _ in range(WEEK):
        slot = int(here)
        an_hour = rate * habits.by_hour[slot % HOURS] * habits.by_weekday[slot // HOURS % WEEKDAYS]
        expected = an_hour * (slot + 1 - here)
        if expected >= missing:
            return here - start + missing / an_hour
        missing -= expected
        here = slot + 1.0
    return WEEK


def _weekday(minute: int) -> int:
    return (minute // _DAY + _THURSDAY) % WEEKDAYS


def _hour_of_week(minute: int) -> float:
    return _weekday(minute) * HOURS + minute % _DAY / _HOUR


def _reason(seen: Sequence[int], now: float, rate: float) -> str:
    """The plainest true sentence about these posts."""
    dates = {minute // _DAY for minute in seen}
    if len(dates) >= _DAYS_FOR_A_HABIT:
        weekdays = Counter(_weekday(date * _DAY) for date in dates)
        day, count = weekdays.most_common(1)[0]
        if count >= 0.7 * len(dates):
            return f"{_USUALLY}{_NAMES[day]}"
        if now - seen[0] >= _FOR_WEEKDAYS and weekdays[5] + weekdays[6] <= 0.05 * len(dates):
            return f"{_USUALLY}on weekdays"
        window = _window(Counter(minute // _HOUR % HOURS for minute in seen))
        if window:
            return "{}between {:02}:00 and {:02}:00 UTC".format(_USUALLY, *window)
    return f"{_ABOUT}{format_span(_round_span(timedelta(hours=1 / rate)))}"


def _window(hours: Mapping[int, int]) -> tuple[int, int] | None:
    """The narrowest part of the day, perhaps across midnight, with 95 % of the posts; None if there is none."""
    wanted = 0.95 * sum(hours.values())
    until = [0, *accumulate(hours.get(hour % HOURS, 0) for hour in range(HOURS + _WIDEST_WINDOW))]
    for width in range(1, _WIDEST_WINDOW + 1):
        for begin in range(HOURS):
            if until[begin + width] - until[begin] >= wanted:
                return begin, (begin + width) % HOURS
    return None


def _round_span(span: timedelta) -> timedelta:
    """To whole days, hours or minutes, as one would say it."""
    unit = next((unit for unit in (timedelta(days=1), timedelta(hours=1)) if span >= 2 * unit), _MINUTE)
    return max(1, round(span / unit)) * unit
