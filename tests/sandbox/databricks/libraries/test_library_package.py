from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.errors import ApiError
from sandbox.databricks.libraries.library_package import (
    check_entry,
    entry_key,
    package_of,
    runtime_refusal,
    skips_shared,
)


@pytest.mark.parametrize("entry", [
    {}, {"jar": "a", "whl": "b"}, {"pypi": {"package": "a"}, "cran": {"package": "a"}}, {"jar": ""},
    {"pypi": {"repo": "r"}}, {"maven": {"coordinates": ""}}, {"cran": {}},
], ids=str)
def test_entry_that_is_not_exactly_one_library_is_refused(entry: dict[str, Any]) -> None:
    """C4: exactly one type."""
    with pytest.raises(ApiError) as refused:
        check_entry(entry)
    assert refused.value.status == 400


@pytest.mark.parametrize(("entry", "package"), [
    ({"pypi": {"package": "Scikit_Learn[extra]==1.5"}}, ("pypi", "scikit-learn")),
    ({"pypi": {"package": "numpy>=2"}}, ("pypi", "numpy")),
    ({"pypi": {"package": "git+https://host.test/x"}}, ("pypi", "git")),
    ({"maven": {"coordinates": "org.a:b_2.12:1.0"}}, ("maven", "org.a:b_2.12")),
    ({"pypi": {"package": " numpy "}}, ("pypi", "numpy")),
    ({"jar": "abfss://c@a.test:443/x.jar:1"}, ("jar", "abfss://c@a.test:443/x.jar:1")),
    ({"cran": {"package": "ada"}}, ("cran", "ada")), ({"whl": "/Volumes/a.whl"}, ("whl", "/Volumes/a.whl")),
])
def test_package_is_the_name_without_its_version(entry: dict[str, Any], package: tuple[str, str]) -> None:
    check_entry(entry)
    assert package_of(entry) == package


def test_order_of_keys_does_not_make_another_entry() -> None:
    assert entry_key({"pypi": {"package": "a", "repo": "r"}}) == entry_key({"pypi": {"repo": "r", "package": "a"}})


@pytest.mark.parametrize(("entry", "runtime", "refused"), [
    ({"egg": "a.egg"}, "13.3.x-scala2.12", False), ({"egg": "a.egg"}, "14.3.x-scala2.12", True),
    ({"requirements": "r.txt"}, "14.3.x-scala2.12", True), ({"requirements": "r.txt"}, "15.4.x-scala2.12", False),
    ({"requirements": "r.txt"}, "custom:ours", False), ({"jar": "a.jar"}, "15.4.x-scala2.12", False),
])
def test_runtime_decides_about_eggs_and_requirements(entry: dict[str, Any], runtime: str, refused: bool) -> None:
    assert (runtime_refusal(entry, runtime) is not None) == refused


@pytest.mark.parametrize(("runtime", "skipped"), [
    ("6.4.x-scala2.11", False), ("7.3.x-scala2.12", True), ("15.4.x-scala2.12", True), ("custom:ours", False)])
def test_runtimes_from_seven_on_pass_over_libraries_of_all_clusters(runtime: str, skipped: bool) -> None:
    assert skips_shared(runtime) == skipped
