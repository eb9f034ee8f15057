from __future__ import annotations

import pytest

from steps.lib.cluster.runtime_key import (
    NoSuchRuntime,
    Runtime,
    bundled_keys,
    is_gpu_key,
    is_ml_key,
    key_for,
    key_offline,
    version_of,
)

KEYS = bundled_keys()


@pytest.mark.parametrize(("runtime", "key"), [
    pytest.param(Runtime("16.4"), "16.4.x-scala2.12", id="plain-takes-the-older-scala"),
    pytest.param(Runtime("16.4", ml=True), "16.4.x-cpu-ml-scala2.12", id="ml"),
    pytest.param(Runtime("16.4", ml=True, gpu=True), "16.4.x-gpu-ml-scala2.12", id="ml-gpu"),
    pytest.param(Runtime("16.4", photon=True), "16.4.x-scala2.12", id="photon-keeps-the-plain-key"),
    pytest.param(Runtime("16.4", photon=False), "16.4.x-scala2.12", id="no-photon"),
    pytest.param(Runtime("17.3"), "17.3.x-scala2.13", id="scala-2.13-only"),
    pytest.param(Runtime("18"), "18.x-scala2.13", id="no-minor"),
    pytest.param(Runtime("18.2", photon=True), "18.2.x-scala2.13", id="photon-newer-than-its-keys"),
    pytest.param(Runtime("9.1", ml=True), "9.1.x-cpu-ml-scala2.12", id="old"),
])
def test_a_wanted_runtime_becomes_its_key(runtime: Runtime, key: str) -> None:
    assert key_for(runtime, KEYS) == key


@pytest.mark.parametrize(("runtime", "words"), [
    pytest.param(Runtime("16.4", gpu=True), "gpu without ml", id="gpu-without-ml"),
    pytest.param(Runtime("16.4", ml=True, photon=True), "photon with ml", id="photon-with-ml"),
    pytest.param(Runtime("16.5"), "no runtime '16.5', expected one that exists; the nearest is '16.4'", id="minor"),
    pytest.param(Runtime("18.1"), "the nearest is '18.2'", id="between"),
    pytest.param(Runtime("18.2", ml=True), "no runtime '18.2' with ml, expected one that exists; the nearest with ml "
                 "is '17.3'", id="flavour"),
    pytest.param(Runtime("7.3", photon=True), "'7.3' has no Photon engine", id="photon-too-old"),
    pytest.param(Runtime("0"), "the nearest is '7.0'", id="zero"),
    pytest.param(Runtime("99"), "the nearest is '19'", id="future"),
])
def test_what_no_list_contains_is_refused_with_the_nearest(runtime: Runtime, words: str) -> None:
    with pytest.raises(NoSuchRuntime) as caught:
        key_for(runtime, KEYS)
    assert words in str(caught.value)


def test_a_list_without_the_flavour_names_no_nearest() -> None:
    with pytest.raises(NoSuchRuntime, match="expected one this workspace lists"):
        key_for(Runtime("16.4", ml=True), ["16.4.x-scala2.12", "nonsense"])


@pytest.mark.parametrize(("runtime", "key"), [
    pytest.param(Runtime("20.1", ml=True), "20.1.x-cpu-ml-scala2.13", id="newer-than-the-list"),
    pytest.param(Runtime("18.1"), "18.1.x-scala2.13", id="gap-in-a-growing-series"),
    pytest.param(Runtime("18"), "18.x-scala2.13", id="listed"),
    pytest.param(Runtime("16.4"), "16.4.x-scala2.12", id="listed-in-a-closed-series"),
])
def test_without_a_workspace_a_growing_series_gets_its_likely_key(runtime: Runtime, key: str) -> None:
    assert key_offline(runtime, KEYS) == key


@pytest.mark.parametrize("runtime", [
    pytest.param(Runtime("20.1", gpu=True), id="impossible-in-any-version"),
    pytest.param(Runtime("16.5"), id="gap-in-a-closed-series"),
    pytest.param(Runtime("3.1"), id="ancient"),
])
def test_without_a_workspace_what_cannot_be_is_refused(runtime: Runtime) -> None:
    with pytest.raises(NoSuchRuntime):
        key_offline(runtime, KEYS)


@pytest.mark.parametrize(("photon", "engine"), [(None, None), (True, "PHOTON"), (False, "STANDARD")])
def test_photon_becomes_the_engine(photon: bool | None, engine: str | None) -> None:
    assert Runtime("16.4", photon=photon).engine == engine


def test_keys_tell_version_and_flavour() -> None:
    assert version_of("16.4.x-gpu-ml-scala2.12") == (16, 4)
    assert version_of("18.x-scala2.13") == (18, 0)
    assert version_of("custom:image") is None
    assert (is_gpu_key("16.4.x-gpu-ml-scala2.12"), is_ml_key("16.4.x-scala2.12")) == (True, False)


def test_the_bundled_list_is_clean() -> None:
    assert len(set(KEYS)) == len(KEYS) > 90
    assert all(version_of(key) for key in KEYS)
