"""What readers of one page ask alike is asked once, and anew for the next page."""

from orchard.kit import once


def test_while_a_page_is_read_the_same_is_asked_once_and_anew_afterwards():
    told = []

    def ask():
        told.append("asked")
        return len(told)

    with once.reading():
        assert [once.asked("a", ask), once.asked("a", ask), once.asked("b", ask)] == [1, 1, 2]
        with once.reading():
            assert once.asked("a", ask) == 1
    with once.reading():
        assert once.asked("a", ask) == 3


def test_outside_of_a_page_everything_is_asked_each_time():
    told = []
    for _ in range(2):
        once.asked("a", lambda: told.append("asked"))
    assert len(told) == 2


def test_nothing_is_an_answer_too():
    told = []
    with once.reading():
        for _ in range(2):
            assert once.asked("a", lambda: told.append("asked")) is None
    assert len(told) == 1
