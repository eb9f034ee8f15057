"""Set-up runs that are started before another one has ended."""
from __future__ import annotations

from sandbox.world.furnish import PRODUCT
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.product import commits, expect_complete

OTHER = "forecast"


def test_runs_for_one_product_and_for_another_do_not_disturb_each_other(engineer: Engineer) -> None:
    engineer.world.organisation.home.create_repository(OTHER)
    numbers = [engineer.start(PRODUCT), engineer.start(PRODUCT), engineer.start(OTHER)]
    runs = [engineer.ended(number) for number in numbers]
    assert [run.outcome for run in runs] == ["succeeded"] * len(runs), [run.errors for run in runs]
    for product in (PRODUCT, OTHER):
        assert commits(engineer, product) == 1
        expect_complete(engineer, product)
