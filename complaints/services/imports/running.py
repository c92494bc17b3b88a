"""Running: the import as a job, batch by batch, so that it can stop anywhere and go on."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePath
from typing import IO, Any, cast

from django.core.files import File
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import Source
from complaints.models import Complaint
from complaints.services.imports.guessing import Guess, Guesser
from complaints.services.imports.headings import Headings
from complaints.services.imports.reporting import sentences
from complaints.services.imports.rows import Order, RowRefused, read_order
from complaints.services.imports.writing import (
    Sorted,
    apply_changes,
    file_new,
    remember,
    sort_out,
)
from complaints.spreadsheet_safety import refuse_a_trap
from complaints.spreadsheets import Cell, Table, open_table
from governance.choices import Word
from governance.errors import HouseError
from governance.models import Job, JobError, Organisation
from governance.models.reach import may, require
from governance.services import audit, jobs

KIND = "import_orders"
BATCH = 500
# Notes on rows that were taken leave room for the reasons of those that were not.
MOST_NOTES = 500
COUNTS = (
    "new", "unchanged", "updated", "updated_cells", "refused", "repeated",
    "place_unknown", "category_unknown",
)  # fmt: skip


def start_import(
    file: "File[bytes]",
    *,
    by: Any,
    subdistrict: Organisation,
    source: str = Source.HOTLINE,
    dry_run: bool = False,
    mapping: Mapping[str, str] | None = None,
) -> Job:
    """Put a spreadsheet of orders in line; needs the right to dispatch in the whole street.

    `mapping` (heading → field, "" for none) goes before the known headings. With `dry_run` the
    job reports and writes nothing. Raises HouseError at once for a file that may not be opened.
    """
    require(by, Word.DISPATCH, subdistrict.path)
    name = PurePath((file.name or "").replace("\\", "/")).name
    if source not in Source.values:
        raise HouseError(_("请选择工单的来源。"))
    refuse_a_trap(cast("IO[bytes]", file.file), name)
    title = kept("试导入工单：%(name)s") if dry_run else kept("导入工单：%(name)s")
    return jobs.start(
        KIND,
        title=(title % {"name": name})[:120],
        organisation=subdistrict,
        by=by,
        parameters={"source": source, "dry_run": dry_run, "mapping": dict(mapping or {})},
        file=file,
        file_name=name,
    )


def run_import(job: Job) -> None:
    """Import the job's file; a job that was left in the middle goes on after its last batch.

    Each batch, its counts and its errors are one transaction. Rights are asked again, because they
    may have ended since. Raises HouseError when nothing can be done with the file as a whole.
    """
    for _done in batches(job):
        pass


def batches(job: Job) -> Iterator[int]:
    """The import, handing out the number of finished rows after every batch."""
    if job.by is None or not may(job.by, Word.DISPATCH, job.organisation.path):
        raise HouseError(_("发起导入的账号已无派单权限，导入没有进行。"))
    with job.file.open("rb") as stored:
        headings = Headings(job.parameters.get("mapping"))
        table = open_table(cast("IO[bytes]", stored.file.file), job.file_name, headings.worth)
        work = Importing(job, table, headings)
        rows = work.rows()
        while batch := list(islice(rows, BATCH)):
            work.take(batch)
            yield job.done_count
        work.conclude()


class Importing:
    """One run of an import: what stays the same from batch to batch."""

    def __init__(self, job: Job, table: Table, headings: Headings) -> None:
        self.job, self.table, self.headings = job, table, headings
        self.columns = headings.columns(table.headings)
        self.names = {field: table.headings[places[0]] for field, places in self.columns.items()}
        self.source: str = job.parameters["source"]
        self.dry_run = bool(job.parameters.get("dry_run"))
        self.guesser = Guesser(job.organisation)
        self.seen: dict[str, tuple[int, str]] = {}
        self.done = job.done_count
        self.read = 0
        job.result = self._about_file() | dict.fromkeys(COUNTS, 0) | job.result

    def _about_file(self) -> dict[str, Any]:
        known = {place for places in self.columns.values() for place in places}
        return {
            "dry_run": self.dry_run,
            "sheet": self.table.name,
            "form": self.table.form,
            "header_row": self.table.header_row,
            "columns": {self.table.headings[place][:40]: field for field, places in
                        self.columns.items() for place in places},
            "ignored": [text[:40] for place, text in enumerate(self.table.headings)
                        if text and place not in known][:50],
        }  # fmt: skip

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """The rows that hold an order; headings that are repeated below hold none."""
        for number, cells in self.table.rows():
            if not self.headings.is_repeated(cells, self.columns):
                yield number, cells

    def take(self, batch: Sequence[tuple[int, Sequence[Cell]]]) -> None:
        """Read one batch and write it, unless a run before this one has written it already."""
        orders, errors, repeated = self._orders(batch)
        self.read += len(batch)
        if self.read <= self.done:
            return
        try:
            self._write(orders, errors, repeated)
        except IntegrityError:
            # Somebody filed one of these numbers by hand this very moment; now it is known.
            self._write(orders, errors, repeated)
        self.done = self.read

    def _orders(
        self, batch: Sequence[tuple[int, Sequence[Cell]]]
    ) -> tuple[list[Order], list[JobError], int]:
        orders, errors, repeated = [], [], 0
        for row, cells in batch:
            try:
                order = read_order(row, cells, self.columns, self.table.headings)
                if self._is_repeated(order):
                    repeated += 1
                else:
                    orders.append(order)
            except RowRefused as refusal:
                errors.append(self._error(row, refusal.reason, column=refusal.column))
        return orders, errors, repeated

    def _is_repeated(self, order: Order) -> bool:
        """Whether the file has told this order already; the first line counts."""
        row, digest = self.seen.setdefault(order.number, (order.row, order.digest))
        if row == order.row:
            return False
        if digest != order.digest:
            column = self.names.get("source_number", "")
            raise RowRefused(
                column, _("单号与第 %(row)s 行相同而内容不同，以前一行为准。") % {"row": row}
            )
        return True

    def _write(self, orders: list[Order], errors: list[JobError], repeated: int) -> None:
        job = self.job
        before = dict(job.result)
        try:
            with audit.deed():
                sorted_out = sort_out(
                    orders,
                    subdistrict=job.organisation,
                    source=self.source,
                    fields=self.columns.keys(),
                )
                guesses = [self.guesser.guess(order) for order in sorted_out.new]
                if not self.dry_run:
                    self._carry_out(sorted_out, guesses)
                notes = self._notes(sorted_out, guesses)
                self._count(sorted_out, guesses, refused=len(errors), repeated=repeated)
                jobs.note_errors(job, [*errors, *notes])
                self._keep_progress()
        except BaseException:
            job.result = before
            raise

    def _carry_out(self, found: Sorted, guesses: list[Guess]) -> None:
        cases: list[Complaint] = file_new(
            found.new,
            guesses,
            job=self.job,
            subdistrict=self.job.organisation,
            source=self.source,
        )
        remember(found.adopted, job=self.job)
        apply_changes(found.changed, job=self.job, headings=self.names)
        audit.record(
            KIND,
            by=self.job.by,
            subject=f"job:{self.job.pk}",
            organisation_path=self.job.organisation.path,
            detail={"new": len(cases), "updated": len(found.changed)},
        )

    def _notes(self, found: Sorted, guesses: list[Guess]) -> list[JobError]:
        """What a clerk should look at, though the row was taken."""
        room = MOST_NOTES - self.job.result.get("notes", 0)
        notes = [
            self._error(order.row, guess.hint, is_refusal=False)
            for order, guess in zip(found.new, guesses, strict=True)
            if guess.category is None or not guess.is_place_known
        ][: max(room, 0)]
        self.job.result["notes"] = self.job.result.get("notes", 0) + len(notes)
        return notes + [
            self._error(
                change.order.row,
                _("%(number)s 的承诺完成时间由来源更改：%(told)s")
                % {"number": change.number, "told": change.told},
                column=self.names["city_due_at"],
                is_refusal=False,
            )
            for change in found.changed
            if change.told
        ]

    def _count(self, found: Sorted, guesses: list[Guess], *, refused: int, repeated: int) -> None:
        further = {
            "new": len(found.new),
            "unchanged": len(found.unchanged) + len(found.adopted),
            "updated": len(found.changed),
            "updated_cells": sum(len(change.fields) for change in found.changed),
            "refused": refused,
            "repeated": repeated,
            "place_unknown": sum(not guess.is_place_known for guess in guesses),
            "category_unknown": sum(guess.category is None for guess in guesses),
        }
        result = self.job.result
        self.job.result = result | {name: result[name] + further[name] for name in COUNTS}

    def _keep_progress(self) -> None:
        job = self.job
        total = max(self.table.row_count, self.read)
        jobs.progress(job, self.read, total, job.result["refused"])
        Job.objects.filter(pk=job.pk).update(result=job.result)

    def conclude(self) -> None:
        """The count of rows is known for certain at the end; say what was left aside."""
        job = self.job
        job.result["sentences"] = sentences(
            job.result, self.source, has_replies="reply" in self.columns
        )
        jobs.progress(job, self.read, self.read, job.result["refused"])
        Job.objects.filter(pk=job.pk).update(result=job.result)

    def _error(
        self, row: int, reason: str, *, column: str = "", is_refusal: bool = True
    ) -> JobError:
        return JobError(
            job=self.job,
            row=row,
            column=column[:40],
            reason=reason[:200],
            is_refusal=is_refusal,
        )
