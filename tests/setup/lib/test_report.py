from __future__ import annotations

from setup.lib.report import Report, State


def report(*, dry_run: bool = False) -> Report:
    made = Report(dry_run)
    made.add("file a.json", State.PRESENT)
    made.add("file b.yml", State.CREATED)
    return made


def test_summary_counts_every_state_that_occurs() -> None:
    assert report().summary() == "1 created, 1 already there"


def test_a_dry_run_speaks_of_what_would_be() -> None:
    assert report(dry_run=True).summary() == "1 to be created, 1 already there"


def test_result_says_whether_anything_changed() -> None:
    quiet = Report()
    quiet.add("file a.json", State.PRESENT)
    assert (report().result(), quiet.result()) == ("applied", "unchanged")


def test_one_failed_thing_fails_the_whole() -> None:
    made = report()
    made.add("file c", State.FAILED)
    assert made.result() == "failed: 1 created, 1 already there, 1 failed"


def test_foreign_text_stays_inside_its_cell() -> None:
    made = Report()
    made.add("a|b`c\n# d <img>", State.DIFFERS)
    assert made.markdown()[-1] == r"| `` a\|b`c\n# d <img> `` | differs |  |"


def test_a_link_is_an_address_and_nothing_else() -> None:
    made = Report()
    made.add("pull request", State.CREATED, link="https://x.test/a b>)<c")
    made.add("other", State.CREATED, link="javascript:alert(1)")
    assert made.markdown()[2].endswith("[open](<https://x.test/a%20b%3E%29%3Cc>) |")
    assert "javascript" not in made.markdown()[3]
