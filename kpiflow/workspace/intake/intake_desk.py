"""The part of the door for workbooks on their way in."""

from kpiflow.sources.workbooks import Question
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.commands import Applied
from kpiflow.workspace.intake import files, keeping, loading, looking, previewing, tables, templates
from kpiflow.workspace.intake.answers import Looked, Preview, SavedMapping, Tables, Taken, Ways
from kpiflow.workspace.intake.loading import PLAIN, Terms
from kpiflow.workspace.intake.templates import TemplateFile
from kpiflow.workspace.reviewing import ratings_workbook


class IntakeDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""

    def look_at(self, asker: Asker, content: bytes, name: str) -> Looked:
        """Answer what is understood of a file's sheets, and what a person has to say; raises Refused, or InvalidInput."""
        return looking.looked(self, asker, content, name)

    def intake_answered(self, asker: Asker, ways: Ways, sheet: str, question: Question, value: str) -> Ways:
        """Return the ways with a question answered; raises Refused, or InvalidInput for an answer that cannot be one."""
        self.may(asker, looking.LOAD).require()
        return looking.with_answer(ways, sheet, question, value)

    def preview_intake(self, asker: Asker, content: bytes, name: str, ways: Ways, *, locale: str = "en") -> Preview:
        """Answer what loading a file would do, fact by fact; writes nothing. Raises Refused, or InvalidInput."""
        return previewing.previewed(self, asker, content, name, ways, locale=locale)

    def load_workbook(self, asker: Asker, content: bytes, name: str, ways: Ways, *, terms: Terms = PLAIN) -> Taken:
        """Load a file as it was shown, all or nothing, and keep its mapping under a name; raises Refused, or InvalidInput."""
        return loading.take(self, asker, content, name, ways, terms=terms)

    def mappings(self, asker: Asker) -> tuple[SavedMapping, ...]:
        """Return the mappings that were saved, the newest first; raises Refused."""
        self.may(asker, looking.LOAD).require()
        return keeping.saved(self)

    def save_mapping(self, asker: Asker, name: str, ways: Ways, *, file: str, who: str | None = None) -> SavedMapping:
        """Keep how a file is read under a name; raises Refused, or InvalidInput."""
        return loading.save_ways(self, asker, name, ways, file=file, who=who)

    def close_mapping(self, asker: Asker, name: str, *, who: str | None = None) -> None:
        """Take a mapping off the list; raises Refused, or NotFound."""
        loading.set_aside(self, asker, name, who=who)

    def unit_template(
        self, asker: Asker, unit: str, period: str, *, language: str = "en", below: bool = False
    ) -> TemplateFile:
        """Return a workbook for a unit to fill in, with its goals; raises Refused, NotFound, or InvalidInput."""
        return templates.template(self, asker, unit, period, language=language, below=below)

    def ratings_template(self, asker: Asker, period: str, *, language: str = "en") -> bytes:
        """Return a workbook of what the person asking has to rate; raises NotFound when nothing waits for them."""
        return ratings_workbook.ratings_template(self, asker, period, language=language)

    def load_ratings(self, asker: Asker, period: str, content: bytes, name: str) -> dict[str, int]:
        """Write the ratings of a workbook, all or none, by the rules of every rating; raises as `rate` does, with the cell."""
        return ratings_workbook.load_ratings(self, asker, period, files.workbook(self, content, name))

    def look_at_tables(self, asker: Asker, content: bytes, name: str, *, complete: bool = False) -> Tables:
        """Answer what a workbook of goals and organisation would change; writes nothing. Raises Refused, or InvalidInput."""
        return tables.looked_at(self, asker, content, name, complete=complete)

    def look_at_inputs(self, asker: Asker, content: bytes, name: str) -> Tables:
        """Answer what a workbook's values of plan inputs would change; writes nothing. Raises Refused, or InvalidInput."""
        return tables.inputs_looked_at(self, asker, content, name)

    def make_tables(self, asker: Asker, shown: Tables, *, reason: str | None = None, who: str | None = None) -> Applied:
        """Write tables as they were shown; raises Refused, or InvalidInput for an eased target without a reason."""
        return tables.make(self, asker, shown, reason=reason, who=who)

    def tables_workbook(self, asker: Asker, *, language: str = "en") -> bytes:
        """Return the company's tables as a workbook that changes nothing when it comes back; raises Refused."""
        return tables.exported(self, asker, language=language)
