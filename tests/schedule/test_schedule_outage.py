"""An outage of our own network is told apart from servers that are down."""

from __future__ import annotations

from datetime import timedelta

from aggregator.schedule.outage import FEWEST_HOSTS, MOST_HOSTS, START, WINDOW, Reachability
from tests.support.nouns import NOON

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def failing(*hosts: str, now=NOON):
    network = Reachability()
    for host in hosts:
        network.observe(host, reached=False, now=now)
    return network


def test_a_network_nobody_has_tried_is_up():
    assert not Reachability().is_down(NOON)


def test_two_failing_hosts_are_their_own_trouble():
    assert not failing("a.example", "b.example").is_down(NOON)


def test_one_host_that_fails_many_times_is_its_own_trouble():
    assert not failing(*["a.example"] * 20).is_down(NOON)


def test_three_failing_hosts_and_no_answer_are_our_trouble():
    assert failing("a.example", "b.example", "c.example").is_down(NOON)


def test_one_answer_from_anywhere_ends_the_outage_at_once():
    network = failing("a.example", "b.example", "c.example")
    network.observe("d.example", reached=True, now=NOON)
    assert not network.is_down(NOON)


def test_failures_before_an_answer_do_not_count_after_it():
    network = failing("a.example", "b.example")
    network.observe("d.example", reached=True, now=NOON)
    network.observe("c.example", reached=False, now=NOON)
    assert not network.is_down(NOON)


def test_an_answer_before_the_failures_does_not_hide_the_outage():
    network = Reachability()
    network.observe("a.example", reached=True, now=NOON)
    for host in ("a.example", "b.example", "c.example"):
        network.observe(host, reached=False, now=NOON + SECOND)
    assert network.is_down(NOON + SECOND)


def test_failures_count_until_the_window_has_passed():
    network = failing("a.example", "b.example", "c.example")
    assert network.is_down(NOON + WINDOW)
    assert not network.is_down(NOON + WINDOW + SECOND)


def test_hosts_that_failed_long_apart_are_no_outage():
    network = failing("a.example", "b.example")
    network.observe("c.example", reached=False, now=NOON + WINDOW + MINUTE)
    assert not network.is_down(NOON + WINDOW + MINUTE)


def test_an_outage_lasts_while_hosts_keep_failing():
    network, now = Reachability(), NOON
    for step in range(60):
        now = NOON + step * 3 * MINUTE
        network.observe(f"{step % 4}.example", reached=False, now=now)
    assert network.is_down(now)


def test_the_memory_is_bounded_and_forgets_the_longest_ago_first():
    network = failing("steady.example")
    for number in range(3 * MOST_HOSTS):
        network.observe(f"{number}.example", reached=False, now=NOON)
        network.observe("steady.example", reached=False, now=NOON)
    assert len(network._failed) == MOST_HOSTS
    assert list(network._failed)[-2:] == [f"{3 * MOST_HOSTS - 1}.example", "steady.example"]


def test_more_failing_hosts_than_can_be_remembered_are_still_an_outage():
    network = failing(*(f"{number}.example" for number in range(MOST_HOSTS + FEWEST_HOSTS)))
    assert network.is_down(NOON)


def starting(*, reached: bool = False):
    network = Reachability(started_at=NOON)
    if reached:
        network.observe("a.example", reached=True, now=NOON)
    network.observe("b.example", reached=False, now=NOON + SECOND)
    return network


def test_one_failing_host_is_our_trouble_while_nothing_was_reached_since_the_start():
    assert starting().is_down(NOON + SECOND)
    assert starting().is_starting(NOON + START)


def test_a_start_ends_with_the_first_answer():
    assert not starting(reached=True).is_down(NOON + SECOND)


def test_a_start_does_not_last():
    assert not starting().is_down(NOON + START + SECOND)


def test_a_machine_that_wakes_is_starting_whatever_was_seen_before_it_fell_asleep():
    network = starting(reached=True)
    network.begin(NOON + WINDOW)
    network.observe("b.example", reached=False, now=NOON + WINDOW)
    assert network.is_starting(NOON + WINDOW + START)
    assert network.is_down(NOON + WINDOW)
    assert not network.is_down(NOON + WINDOW + START + SECOND)
    once = failing("a.example", "b.example", "c.example")
    once.begin(NOON)
    assert not once.is_down(NOON)
    assert not once.is_starting(NOON)


def test_a_process_that_only_polls_once_never_starts():
    assert not failing("a.example").is_starting(NOON)


def doubtful(network: Reachability, host: str, now, *, again: bool = True) -> bool:
    """What is thought of a name that is not found now."""
    network.observe(host, reached=False, now=now)
    return network.is_doubtful(host, now, again=again)


def test_a_name_that_is_not_found_for_the_first_time_counts_against_nobody():
    assert doubtful(Reachability(), "a.example", NOON, again=False)


def test_a_name_that_is_not_found_again_after_others_were_reached_is_its_own_trouble():
    network = failing("a.example")
    network.observe("b.example", reached=True, now=NOON + MINUTE)
    assert not doubtful(network, "a.example", NOON + 10 * MINUTE)


def test_while_no_other_host_was_reached_a_name_that_is_not_found_is_nobodys_trouble_for_two_hours():
    network, told = Reachability(), []
    for step in range(18):
        now = NOON + step * 10 * MINUTE
        told.append(doubtful(network, "a.example", now, again=step > 0))
    assert told == [True] * 13 + [False] * 5


def test_what_is_forgotten_of_the_first_failures_is_bounded_too():
    network = failing(*(f"{number}.example" for number in range(3 * MOST_HOSTS)))
    assert network._first.keys() == network._failed.keys()
