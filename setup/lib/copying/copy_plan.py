"""What there is to copy: shipped files compared with the tree of a branch. Pure: nothing is read here."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from setup.lib.copying.shipped_files import Owner, ShippedFile
from steps.lib.azure_devops.repositories import Entry
from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.wording import counted

Tree = Mapping[str, Entry]


@dataclass(frozen=True)
class CopyPlan:
    """`different` are files of the library whose content is not the shipped one; other files are not compared."""

    missing: tuple[ShippedFile, ...] = ()
    present: tuple[ShippedFile, ...] = ()
    different: tuple[ShippedFile, ...] = ()

    def lines(self, renewed: Collection[ShippedFile], *, by_pull_request: bool) -> Iterator[str]:
        """What will be done, before it is. `renewed` are those of the different files that get their new content."""
        how = ", in a pull request" if by_pull_request else ""
        yield from (f"create: file {file.path}{how}" for file in self.missing)
        for file in self.different:
            yield f"update: file {file.path}, in a pull request" if file in renewed else f"leave: file {file.path}"
        if self.present:
            yield f"unchanged: {counted(len(self.present), 'file')}"


def copy_plan(shipped: Sequence[ShippedFile], tree: Tree) -> CopyPlan:
    """An InputError with every path that something else occupies."""
    spellings = _spellings(tree)
    findings = [finding for file in shipped if (finding := _obstacle(file, tree, spellings))]
    if findings:
        raise InputError(sorted(set(findings)))
    there = [file for file in shipped if file.path.casefold() in spellings]
    different = [file for file in there if _differs(file, tree)]
    return CopyPlan(
        missing=tuple(file for file in shipped if file.path.casefold() not in spellings),
        present=tuple(file for file in there if file not in different),
        different=tuple(different),
    )


def _differs(file: ShippedFile, tree: Tree) -> bool:
    return file.owner is Owner.LIBRARY and tree[file.path].object_id != file.object_id


def _obstacle(file: ShippedFile, tree: Tree, spellings: Mapping[str, str]) -> Finding | None:
    """What stands where `file`, or a folder above it, has to be."""
    path = PurePosixPath(file.path)
    for folder in [str(one) for one in reversed(path.parents)][1:]:
        there = spellings.get(folder.casefold())
        if there is None:
            return None
        if there != folder:
            return _clash(there, folder)
        if there in tree and not tree[there].is_folder:
            return Finding(there, problem=f"is a file, expected a folder for {file.path!r}; rename or remove it")
    there = spellings.get(file.path.casefold())
    if there is None:
        return None
    if there not in tree or tree[there].is_folder:
        return Finding(there, problem="is a folder, expected a file; rename or remove it")
    # A product that begins with a README of its own spelling has what the scaffold would give it.
    return _clash(there, file.path) if there != file.path and file.owner is not Owner.SCAFFOLD else None


def _clash(there: str, wanted: str) -> Finding:
    return Finding(there, problem=f"differs from {wanted!r} in upper and lower case only, which many computers take "
                                  f"for one name; rename it to {wanted!r}")


def _spellings(tree: Tree) -> dict[str, str]:
    """Every path and folder of the tree by its name in one case."""
    folders = {str(parent) for path in tree for parent in PurePosixPath(path).parents} - {"."}
    return {path.casefold(): path for path in sorted({*tree, *folders}, reverse=True)}
