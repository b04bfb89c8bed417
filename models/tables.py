"""The tables as SQLAlchemy Core objects, for hot paths and set-based queries."""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models import (
    case_tables,
    council_tables,
    dossier_tables,
    forecast_tables,
    letter_tables,
    list_tables,
    log_tables,
    message_tables,
    office_tables,
    operation_tables,
    outstanding_tables,
    paper_tables,
    search_tables,
    version_tables,
)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


districts = _table(office_tables.District)
communes = _table(office_tables.Commune)
agencies = _table(office_tables.Agency)
programme_plans = _table(office_tables.ProgrammePlan)
officers = _table(office_tables.Officer)
absences = _table(office_tables.Absence)
delegations = _table(office_tables.Delegation)
channels = _table(office_tables.Channel)
office_acts = _table(office_tables.OfficeAct)
sessions = _table(office_tables.Session)
settings_table = _table(office_tables.Setting)
closings = _table(office_tables.Closing)
calendar_adoptions = _table(office_tables.CalendarAdoption)
clearances = _table(office_tables.Clearance)
rulings = _table(office_tables.Ruling)
procedure_versions = _table(version_tables.ProcedureVersion)
heading_words = _table(office_tables.HeadingWord)
import_runs = _table(office_tables.ImportRun)
units = _table(case_tables.Unit)
unit_changes = _table(case_tables.UnitChange)
case_rows = _table(case_tables.Case)
facts = _table(case_tables.Fact)
act_days = _table(case_tables.ActDay)
deadlines = _table(case_tables.Deadline)
obstacles = _table(case_tables.Obstacle)
evidence = _table(case_tables.Evidence)
case_notes = _table(dossier_tables.CaseNote)
instructions = _table(dossier_tables.Instruction)
letter_rows = _table(letter_tables.LetterRow)
batches = _table(letter_tables.Batch)
batch_acts = _table(letter_tables.BatchAct)
books = _table(letter_tables.Book)
book_entries = _table(letter_tables.BookEntry)
signed_versions = _table(letter_tables.SignedVersion)
services = _table(letter_tables.Service)
incoming = _table(letter_tables.Incoming)
outstanding_entries = _table(outstanding_tables.OutstandingEntry)
operations = _table(operation_tables.Operation)
operation_lines = _table(operation_tables.OperationLine)
letter_cases = _table(paper_tables.LetterCase)
letter_obstacles = _table(paper_tables.LetterObstacle)
book_modes = _table(paper_tables.BookMode)
signatories = _table(paper_tables.Signatory)
signed_papers = _table(paper_tables.SignedPaper)
earlier_papers = _table(paper_tables.EarlierPaper)
earlier_paper_cases = _table(paper_tables.EarlierPaperCase)
councils = _table(council_tables.Council)
council_members = _table(council_tables.CouncilMember)
council_cases = _table(council_tables.CouncilCase)
council_meetings = _table(council_tables.CouncilMeeting)
council_tasks = _table(council_tables.CouncilTask)
dissolution_batches = _table(council_tables.DissolutionBatch)
batch_cases = _table(council_tables.BatchCase)
batch_steps = _table(council_tables.BatchStep)
effects = _table(message_tables.Effect)
messages = _table(message_tables.Message)
day_runs = _table(message_tables.DayRun)
nightly_checks = _table(message_tables.NightlyCheck)
log_entries = _table(log_tables.LogEntry)
log_leaves = _table(log_tables.LogLeaf)
log_checkpoints = _table(log_tables.LogCheckpoint)
log_time_stamps = _table(log_tables.LogTimeStamp)
change_notes = _table(log_tables.ChangeNote)
kept_forecasts = _table(forecast_tables.KeptForecast)
saved_views = _table(list_tables.SavedView)
list_columns = _table(list_tables.ListColumns)
case_histories = _table(forecast_tables.CaseHistory)
content_checks = _table(case_tables.ContentCheck)
search_entries = _table(search_tables.SearchEntry)
search_stale = _table(search_tables.SearchStale)

metadata = SQLModel.metadata
