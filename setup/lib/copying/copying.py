"""Copies what a product repository lacks: in one push, or through a pull request where its branch demands one."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from setup.lib.copying.copy_plan import CopyPlan, Tree, copy_plan
from setup.lib.copying.renewal import Renewal
from setup.lib.copying.set_up_branch import Offer, carried_out, proposal
from setup.lib.copying.shipped_files import ShippedFile, shipped_files
from setup.lib.product_repository import ProductRepository, find_product
from setup.lib.report import Report, State
from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.errors import Conflict, RejectedByPolicy, StaleReference
from steps.lib.azure_devops.pull_requests import demands_pull_request
from steps.lib.azure_devops.pushes import NO_COMMIT, Change, ChangeType, commit_message, push
from steps.lib.azure_devops.repositories import text, tree
from steps.lib.wording import counted

# Somebody may push, or a second set-up may run, between our look and our push.
ATTEMPTS = 3


@dataclass(frozen=True)
class Look:
    """The product as it was when we looked, and what it lacks."""

    product: ProductRepository
    tree: Tree
    plan: CopyPlan


class Copying:
    """One product's copy. `report` gets a row for each file, and one for the pull request.

    `release` is the full ref of the tag that the product is pinned to.
    """

    def __init__(self, devops: AzureDevOps, settings: SetupSettings, report: Report, *, release: str) -> None:
        self._devops = devops
        self._settings = settings
        self._report = report
        self._release = release
        self._message = _message(self._release, settings)

    def run(self) -> ProductRepository:
        """The product as it was found."""
        look = self._look()
        for file in look.plan.present:
            self._report.add(file.title, State.PRESENT)
        renewed = self._renewed(look)
        missing = look.plan.missing
        protected = bool(missing) and self._demands_pull_request(look.product)
        self._report.show_plan(look.plan.lines(renewed, by_pull_request=protected))
        if protected or (missing and not self._added(look)):
            self._again(lambda now: self._propose(now, missing, renewed), look)
        elif renewed:
            self._again(lambda now: self._propose(now, (), renewed), self._look() if missing else look)
        return look.product

    def _look(self) -> Look:
        settings = self._settings
        product = find_product(self._devops, settings)
        values = {"project": settings.cicd_project, "cicd_repository": settings.cicd_repository,
                  "cicd_ref": self._release, "default_branch": product.branch_name, "team": settings.team,
                  "product": product.name}
        there: Tree = {} if product.is_empty else tree(self._devops, product.repository, product.head)
        return Look(product, there, copy_plan(shipped_files(values, scaffold=settings.scaffold), there))

    def _renewed(self, look: Look) -> list[ShippedFile]:
        there = {file: text(self._devops, look.product.repository, look.product.head, file.path)
                 for file in look.plan.different}
        return Renewal(self._release, self._settings.update_pipelines, self._report).renewed(there)

    def _demands_pull_request(self, product: ProductRepository) -> bool:
        return not product.is_empty and demands_pull_request(self._devops, product.repository, product.default_branch)

    def _added(self, look: Look) -> bool:
        """Add what is missing in one push; False where the branch turns out to want a pull request."""
        wanted = look.plan.missing
        if self._settings.dry_run:
            self._add_rows(wanted, State.CREATED)
            return True
        try:
            self._again(lambda now: self._push(now, wanted), look)
        except RejectedByPolicy:
            return False
        return True

    def _push(self, now: Look, wanted: Sequence[ShippedFile]) -> None:
        """What appeared since the first look is left as it is, whoever put it there."""
        product, missing = now.product, now.plan.missing
        if missing:
            self._report.tell(f"push {counted(len(missing), 'file')} to {product.project}/{product.name}, "
                              f"branch {product.branch_name}")
            push(self._devops, product.repository, ref=product.default_branch, old=product.head or NO_COMMIT,
                 message=self._message, changes=[Change(ChangeType.ADD, file.path, file.content) for file in missing])
        self._add_rows(missing, State.CREATED)
        appeared = [file for file in wanted if file not in missing]
        # After a reply that got lost, what appeared is our own push.
        ours = bool(appeared) and commit_message(self._devops, product.repository, product.head) == self._message
        self._add_rows(appeared, State.CREATED if ours else State.PRESENT)

    def _propose(self, now: Look, additions: Sequence[ShippedFile], renewed: Sequence[ShippedFile]) -> None:
        wanted = proposal(self._devops, now.product, Offer(now.tree, additions, renewed))
        link, name = "", "in a pull request"
        if not self._settings.dry_run:
            made = carried_out(self._devops, now.product, wanted, self._message)
            link, name = made.web_url, f"in pull request {made.id}"
        changed = {change.path for change in wanted.changes}
        for file in (*additions, *renewed):
            state = State.UPDATED if file in renewed else State.CREATED
            self._report.add(file.title, state if file.path in changed else State.PRESENT, name)
        state = State.PRESENT if wanted.pull_request else State.CREATED
        self._report.add("pull request", state, f"{wanted.branch} to {now.product.default_branch}", link)

    def _again(self, attempt: Callable[[Look], None], look: Look) -> None:
        """Make `attempt`, and once more with a new look where somebody else was faster."""
        for _ in range(ATTEMPTS - 1):
            try:
                return attempt(look)
            except (StaleReference, Conflict):
                self._report.tell("the repository has changed meanwhile; looking at it again")
                look = self._look()
        return attempt(look)

    def _add_rows(self, files: Iterable[ShippedFile], state: State) -> None:
        for file in files:
            self._report.add(file.title, state)


def _message(release: str, settings: SetupSettings) -> str:
    # Without the mark, the push would start the pipelines of the product for files that nobody has looked at yet.
    return (f"Add the files of the pipeline library [skip ci]\n\n"
            f"Release {release.rpartition('/')[2]}, set up by run {settings.origin.run_id}.")
