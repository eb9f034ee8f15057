"""Files of the library that differ in a product: each is shown, and told from those that a person keeps."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from setup.lib.copying.library_differences import newer_pin, shortened, unified_diff
from setup.lib.copying.shipped_files import ShippedFile
from setup.lib.report import Report, State
from steps.lib.markdown import code, code_block


@dataclass(frozen=True)
class Renewal:
    """`wanted`: the run was asked to renew files. `release` is the one that they would be of."""

    release: str
    wanted: bool
    report: Report

    def renewed(self, there: Mapping[ShippedFile, str]) -> list[ShippedFile]:
        """Those to renew, of files with the text that the product has; a row in the report for each that stays."""
        ahead = newer_pin(there.values(), self.release)
        return [file for file, text in there.items() if self._is_renewed(file, text, ahead)]

    def _is_renewed(self, file: ShippedFile, text: str, ahead: str | None) -> bool:
        lines = unified_diff(file, text)
        if not lines:
            self.report.add(file.title, State.PRESENT, "with other line endings")
            return False
        self._show(file, lines)
        if ahead:
            self.report.add(file.title, State.DIFFERS, f"the product is pinned to {ahead}, which is newer")
            return False
        if not self.wanted:
            self.report.add(file.title, State.DIFFERS, "choose updatePipelines to get a pull request")
        return self.wanted

    def _show(self, file: ShippedFile, lines: list[str]) -> None:
        self.report.show_group(f"difference of {file.path}", shortened(lines))
        self.report.notes += [f"Difference of {code(file.path)}:", "", *code_block(shortened(lines)), ""]
