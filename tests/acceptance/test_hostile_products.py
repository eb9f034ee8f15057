"""Whatever a product repository holds, the steps run the library's code with the agent's settings."""
from __future__ import annotations

from sandbox.world.world import World
from tests.acceptance.team import CONFIG, Team

PRETENDERS = {
    "requests.py": "raise SystemExit('a module of the product was imported')\n",
    "steps/__init__.py": "raise SystemExit('a module of the product was imported')\n",
    "sitecustomize.py": "raise SystemExit('a module of the product was imported')\n",
    ".env": "ENTRA_CLIENT_ID=another\n",
    ".netrc": "machine 127.0.0.1 login somebody password something\n",
    "pip.conf": "[global]\nindex-url = http://index.test/simple\n",
    "requirements.txt": "does-not-exist==0\n",
    "generated/deployment_record.json": "[]\n",
    "a name with spaces/$(id).json": "{\n",
}


def test_files_that_pretend_to_be_ours_are_not_used(team: Team) -> None:
    for path, text in PRETENDERS.items():
        (team.person.folder / path).parent.mkdir(exist_ok=True)
        (team.person.folder / path).write_text(text, encoding="utf-8")
    assert team.only_run().outcome == "succeeded"


def test_a_submodule_is_not_fetched(team: Team) -> None:
    (team.person.folder / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = http://git.test/x\n')
    (team.person.folder / "x").mkdir()
    team.person.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},x")
    assert team.only_run().outcome == "succeeded"


def test_a_configuration_that_links_elsewhere_is_not_followed(team: Team, world: World) -> None:
    (team.person.folder / CONFIG).unlink()
    (team.person.folder / CONFIG).symlink_to(world.state.folder / "credentials.json")
    assert [run.outcome for run in team.push()] == ["failed"]
    assert f"{CONFIG}: is a symbolic link, expected a plain file" in team.log()
    assert "tokens" not in team.log()
