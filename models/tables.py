"""The tables as SQLAlchemy Core sees them, for hot paths and set-wise queries."""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models import cases, office, outbox, papers, versions


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


districts = _table(office.District)
communes = _table(office.Commune)
officers = _table(office.Officer)
absences = _table(office.Absence)
delegations = _table(office.Delegation)
channels = _table(office.Channel)
office_acts = _table(office.OfficeAct)
ended_sessions = _table(office.EndedSession)
settings_table = _table(office.Setting)
closings = _table(office.Closing)
clearances = _table(office.Clearance)
rulings = _table(office.Ruling)
procedure_versions = _table(versions.ProcedureVersion)
import_runs = _table(office.ImportRun)
units = _table(cases.Unit)
case_rows = _table(cases.Case)
facts = _table(cases.Fact)
deadlines = _table(cases.Deadline)
obstacles = _table(cases.Obstacle)
evidence = _table(cases.Evidence)
letter_rows = _table(papers.LetterRow)
batches = _table(papers.Batch)
batch_acts = _table(papers.BatchAct)
books = _table(papers.Book)
book_entries = _table(papers.BookEntry)
signed_versions = _table(papers.SignedVersion)
services = _table(papers.Service)
incoming = _table(papers.Incoming)
effects = _table(outbox.Effect)
messages = _table(outbox.Message)
day_runs = _table(outbox.DayRun)

metadata = SQLModel.metadata
