"""When a source will probably post again, judged by when it posted before.

    posts -> one per minute -> overall rate x hour factor x weekday factor -> time until half a post is expected

Posts are taken for a Poisson process whose rate follows the hour of the day and the day of the week. All hours
and days are UTC: no feed says reliably where its editors sleep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from math import exp

from aggregator.schedule.spans import format_span

FEWEST_POSTS = 5
"""Fewer minutes with posts than this tell nothing."""

ENOUGH = 0.5
"""Expected new posts that are worth a poll: it comes about as often too early as too late."""

HOURS, WEEKDAYS, WEEK = 24, 7, 168

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_PRIOR = 2.0  # posts we pretend to have seen where they were expected: so much it takes to believe in a habit
_DAYS_FOR_A_HABIT = 6
_WEEKS_FOR_WEEKDAYS = timedelta(weeks=2)
_WIDEST_WINDOW = 10
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
    seen = sorted({moment.replace(second=0, microsecond=0) for moment in posted if moment <= now})
    if len(seen) < FEWEST_POSTS:
        return None
    rate = _rate(seen, now)
    rest = _rest(seen, now)
    wait = rest + _time_until_enough(_profile(seen, now, rate), _hour_of_week(now) + rest / _HOUR)
    return Forecast(wait=max(shortest, min(wait, longest)), reason=_reason(seen, now, rate))


def _rate(seen: Sequence[datetime], now: datetime) -> float:
    """Posts per hour since the first one.

    The first counts half: of a regular feed, that is right on average over the moments at which one may ask.

    A post's weight falls by e with each half of the span, so that a feed that fell silent, or woke up, is soon
    believed.
    """
    scale = (now - seen[0]) / 2
    weight = sum(exp(-((now - moment) / scale)) for moment in seen) - exp(-2) / 2
    return weight / (scale / _HOUR * (1 - exp(-2)))


def _rest(seen: Sequence[datetime], now: datetime) -> timedelta:
    """What is left of the pause that a source takes after each post: half of its shorter gaps.

    Without it, whoever posts daily at nine would be expected to post again at five past nine.
    """
    gaps = sorted(later - earlier for earlier, later in pairwise(seen))
    return max(timedelta(0), gaps[len(gaps) // 4] / 2 - (now - seen[-1]))


def _profile(seen: Sequence[datetime], now: datetime, rate: float) -> list[float]:
    """Expected posts in each hour of the week, from Monday 00:00 on."""
    first = int(_hour_of_week(seen[0]))
    weeks, rest = divmod(max(1, round((now - seen[0].replace(minute=0)) / _HOUR)), WEEK)
    lived = [float(weeks + ((slot - first) % WEEK < rest)) for slot in range(WEEK)]
    hours = Counter(moment.hour for moment in seen)
    weekdays = Counter(moment.weekday() for moment in seen)
    by_hour = _factors(
        _blur([hours[hour] for hour in range(HOURS)]),
        _blur([sum(lived[hour::HOURS]) for hour in range(HOURS)]),
    )
    by_weekday = _factors(
        [weekdays[day] for day in range(WEEKDAYS)],
        [sum(lived[day * HOURS : (day + 1) * HOURS]) for day in range(WEEKDAYS)],
    )
    return [rate * by_hour[slot % HOURS] * by_weekday[slot // HOURS] for slot in range(WEEK)]


def _factors(counts: Sequence[float], lived: Sequence[float]) -> list[float]:
    """How many times more posts than usual fall on each hour or weekday.

    Measured against the time lived through: a feed of two days says nothing of the other five, and they get 1.
    """
    per_hour, prior = sum(counts) / sum(lived), _PRIOR / len(counts)
    return [(count + prior) / (time * per_hour + prior) for count, time in zip(counts, lived, strict=True)]


def _blur(hours: Sequence[float]) -> list[float]:
    """Each hour shared with its neighbours: 08:58 and 09:02 are the same habit."""
    return [
        hours[hour - 1] / 4 + hours[hour] / 2 + hours[(hour + 1) % len(hours)] / 4 for hour in range(len(hours))
    ]


def _time_until_enough(profile: Sequence[float], start: float) -> timedelta:
    """From `start`, in hours since Monday 00:00, until ENOUGH posts are expected; a week at most."""
    missing, here = ENOUGH, start
    for _ in range(WEEK):
        slot = int(here)
        expected = profile[slot % WEEK] * (slot + 1 - here)
        if expected >= missing:
            return (here - start + missing / profile[slot % WEEK]) * _HOUR
        missing -= expected
        here = slot + 1.0
    return WEEK * _HOUR


def _hour_of_week(moment: datetime) -> float:
    return moment.weekday() * HOURS + moment.hour + moment.minute / 60


def _reason(seen: Sequence[datetime], now: datetime, rate: float) -> str:
    """The plainest true sentence about these posts."""
    dates = {moment.date() for moment in seen}
    if len(dates) >= _DAYS_FOR_A_HABIT:
        weekdays = Counter(date.weekday() for date in dates)
        day, count = weekdays.most_common(1)[0]
        if count >= 0.7 * len(dates):
            return f"usually posts {_NAMES[day]}"
        if now - seen[0] >= _WEEKS_FOR_WEEKDAYS and weekdays[5] + weekdays[6] <= 0.05 * len(dates):
            return "usually posts on weekdays"
        window = _window(Counter(moment.hour for moment in seen))
        if window:
            return "usually posts between {:02}:00 and {:02}:00 UTC".format(*window)
    return f"posts about every {format_span(_round_span(_HOUR / rate))}"


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
    unit = next((unit for unit in (HOURS * _HOUR, _HOUR) if span >= 2 * unit), _MINUTE)
    return max(1, round(span / unit)) * unit
