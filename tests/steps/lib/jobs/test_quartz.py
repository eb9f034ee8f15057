from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.lib.jobs.quartz import problem_with_cron


@pytest.mark.parametrize("expression", [
    "0 0 12 * * ?", "0 15 10 ? * *", "0 15 10 * * ? 2030", "0 15 10 * * ? 2030-2035", "0 15 10 ? * * 2030/2",
    "0 0/5 14 * * ?", "0 0/5 14,18 * * ?", "0 0-5 14 * * ?", "0 10,44 14 ? 3 WED", "0 15 10 ? * MON-FRI",
    "0 15 10 15 * ?", "0 15 10 L * ?", "0 15 10 L-2 * ?", "0 15 10 L-30 * ?", "0 15 10 LW * ?", "0 15 10 L-3W * ?",
    "0 15 10 15W * ?", "0 15 10 ? * 6L", "0 15 10 ? * FRIL", "0 15 10 ? * L", "0 15 10 ? * 6#3", "0 15 10 ? * FRI#3",
    "0 0 12 1/5 * ?", "0 11 11 11 11 ?", "*/10 * * * * ?", "/10 * * * * ?", "0 0 22-2 * * ?", "0 0 0 ? * FRI-MON",
    "0 0 0 ? * 2-6/2", "0 0 0 1 JAN,JUL ?", "0 0 0 ? jan mon", "0 0 0 29 2 ?", "0 0 0 29,31 2 ?", "0 0 0 31 1,2 ?",
    "0\t0 0  1 * ?",
    "59 59 23 31 12 ?", "0 0 0 1-31/10 * ?", "0 0 0 ? 1-12 1-7", "0 0 0 ? * 7 1970-2099", "0 0,30 0 30 4 ?",
])
def test_quartz_takes_it(expression: str) -> None:
    assert problem_with_cron(expression) == ""


@pytest.mark.parametrize(("expression", "problem"), [
    pytest.param("", "has 0 fields", id="empty"),
    pytest.param("0 0 * * *", "has 5 fields, expected 6 or 7", id="cron-of-unix"),
    pytest.param("0 0 0 1 1 ? 2030 1", "has 8 fields", id="eight-fields"),
    pytest.param("@daily", "has 1 fields", id="nickname"),
    pytest.param("60 0 0 * * ?", "seconds '60': got '60', expected 0 to 59", id="second-60"),
    pytest.param("0 60 0 * * ?", "minutes '60': got '60'", id="minute-60"),
    pytest.param("0 0 24 * * ?", "hours '24': got '24', expected 0 to 23", id="hour-24"),
    pytest.param("0 0 0 0 * ?", "day of month '0': got '0', expected 1 to 31", id="day-0"),
    pytest.param("0 0 0 32 * ?", "day of month '32'", id="day-32"),
    pytest.param("0 0 0 1 0 ?", "month '0': got '0', expected 1 to 12 or JAN to DEC", id="month-0"),
    pytest.param("0 0 0 1 13 ?", "month '13'", id="month-13"),
    pytest.param("0 0 0 1 JANUARY ?", "month 'JANUARY': cannot be read", id="long-month"),
    pytest.param("0 0 0 ? * 0", "day of week '0': got '0', expected 1 to 7 or SUN to SAT", id="weekday-0-is-unix"),
    pytest.param("0 0 0 ? * 8", "day of week '8'", id="weekday-8"),
    pytest.param("0 0 0 ? * XXX", "day of week 'XXX': got 'XXX'", id="no-weekday"),
    pytest.param("0 0 0 ? * JAN", "day of week 'JAN': got 'JAN'", id="month-as-weekday"),
    pytest.param("0 0 0 1 MON ?", "month 'MON': got 'MON'", id="weekday-as-month"),
    pytest.param("0 0 0 1 1 ? 1969", "year '1969': got '1969', expected 1970 to 2099", id="year-1969"),
    pytest.param("0 0 0 1 1 ? 2100", "year '2100'", id="year-2100"),
    pytest.param("0 0 0 1 1 ? 2031-2030", "year '2031-2030': ends at 2030 before it starts", id="years-backwards"),
    pytest.param("0 0 0 * * *", "both days are set, expected '?' in exactly one", id="both-days"),
    pytest.param("0 0 0 15 * MON", "both days are set", id="day-and-weekday"),
    pytest.param("0 0 0 ? * ?", "both days are '?'", id="no-day"),
    pytest.param("? 0 0 1 * ?", "seconds is '?', expected it for a day only", id="question-second"),
    pytest.param("0 0 0 1 ? ?", "month is '?'", id="question-month"),
    pytest.param("0 0 0 1,? * ?", "day of month '1,?': cannot be read at '?'", id="question-in-list"),
    pytest.param("0 0/60 0 * * ?", "got the step 60, expected 1 to 59", id="step-60"),
    pytest.param("0 0/0 0 * * ?", "got the step 0, expected 1 to 59", id="step-0-never-ends"),
    pytest.param("0 0/ 0 * * ?", "minutes '0/': cannot be read", id="step-without-number"),
    pytest.param("0 0 0/24 * * ?", "got the step 24, expected 1 to 23", id="step-24"),
    pytest.param("0 0 0 ? * MON/2", "has a step after a name, which Quartz ignores", id="step-after-name"),
    pytest.param("0 0 0 ? * MON-6", "mixes a name and a number", id="mixed-range"),
    pytest.param("0 -5 0 * * ?", "a range to '5' without a start", id="negative"),
    pytest.param("0 *-5 0 * * ?", "a range to '5' without a start", id="range-from-all"),
    pytest.param("0 1,,2 0 * * ?", "minutes '1,,2': cannot be read at ''", id="empty-entry"),
    pytest.param("0 1, 0 * * ?", "minutes '1,': cannot be read at ''", id="comma-at-the-end"),
    pytest.param("0 L 0 * * ?", "minutes 'L': cannot be read", id="last-minute"),
    pytest.param("0 0 0 1,L * ?", "cannot be read at 'L', expected 1 to 31, or alone one of L", id="last-in-list"),
    pytest.param("0 0 0 L-31 * ?", "day of month 'L-31': cannot be read", id="last-minus-31"),
    pytest.param("0 0 0 W * ?", "day of month 'W': cannot be read", id="weekday-of-nothing"),
    pytest.param("0 0 0 32W * ?", "day of month '32W'", id="weekday-of-day-32"),
    pytest.param("0 0 0 1-5W * ?", "day of month '1-5W'", id="weekday-of-range"),
    pytest.param("0 0 0 1,15W * ?", "cannot be read at '15W'", id="weekday-in-list"),
    pytest.param("0 0 0 ? * 5W", "day of week '5W': cannot be read", id="w-as-weekday"),
    pytest.param("0 0 0 ? * 2#6", "day of week '2#6': cannot be read at '2#6'", id="sixth-monday"),
    pytest.param("0 0 0 ? * 2#0", "cannot be read at '2#0'", id="zeroth-monday"),
    pytest.param("0 0 0 ? * 8#1", "cannot be read at '8#1'", id="nth-of-weekday-8"),
    pytest.param("0 0 0 ? * 2#1,4#2", "cannot be read at '2#1'", id="two-nth"),
    pytest.param("0 0 0 ? * 2,6L", "cannot be read at '6L'", id="last-weekday-in-list"),
    pytest.param("0 0 0 15#2 * ?", "day of month '15#2': cannot be read", id="nth-as-day"),
    pytest.param("0 0 0 30 2 ?", "there is no day 30 in month 2: it would never run", id="30-february"),
    pytest.param("0 0 0 31 APR,JUN ?", "there is no day 31 in month APR,JUN", id="31-april"),
    pytest.param("0 0 0\n1 * ?", "has a line break", id="line-break"),
    pytest.param("0 0 0 ? * \u017fUN", "a character beyond ASCII", id="long-s-becomes-s"),
    pytest.param("0 0 0 \u0661 * ?", "a character beyond ASCII", id="arabic-digit"),
    pytest.param("1.5 0 0 1 * ?", "seconds '1.5': cannot be read", id="fraction"),
    pytest.param("00000 0 0 1 * ?", "seconds '00000': cannot be read", id="many-digits"),
])
def test_quartz_refuses_it(expression: str, problem: str) -> None:
    assert problem in problem_with_cron(expression)


@given(st.lists(st.integers(0, 59), min_size=1, max_size=5), st.integers(0, 23), st.integers(1, 28))
def test_every_plain_time_of_a_day_is_taken(minutes: list[int], hour: int, day: int) -> None:
    assert problem_with_cron(f"0 {','.join(map(str, minutes))} {hour} {day} * ?") == ""


@given(st.text(alphabet="0123456789*?/,-LW#MONJA \t\n", max_size=30) | st.text(max_size=10))
def test_any_text_gets_an_answer(text: str) -> None:
    assert "\n" not in problem_with_cron(text)
