"""Many letters served in one command, and taken back on the same day; what is wrong is said and changes nothing."""

from pathlib import Path

import pytest

from models.errors import WrongInput
from tests.correspondence.batches import Batches
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, login_of

OFFICER, MANAGER, CLERK = (("--by", login_of(role)) for role in ("case_officer", "manager", "clerk"))
POST = ("--way", "post", "--result", "served", "--on", "14/03/2016")


@pytest.fixture
def letters(office: Office) -> list[str]:
    """Two notices that are numbered and wait for the post."""
    Batches(office.bind, [office.first, office.second])
    asked = ("name_deletion_notice", "--name", "Đợt", "--set", "deleted_on=25/03/2016")
    drafted = coopcase("bulk", "draft", *asked, *OFFICER)
    for command, who in (("submit", OFFICER), ("approve", MANAGER), ("issue", CLERK)):
        coopcase("bulk", command, str(drafted["batch"]), *who)
    return [str(row["id"]) for row in coopcase("letters-waiting", *CLERK)]


def test_a_postal_list_is_served_at_once_and_undone_the_same_day(letters: list[str], tmp_path: Path) -> None:
    receipt = tmp_path / "bien-nhan.txt"
    receipt.write_text("Biên nhận bưu điện (thử)", encoding="utf-8")
    proof = ("--evidence", str(receipt))
    own = [part for letter in letters for part in ("--each", f"{letter}:tracking=RR{letter}VN")]
    with pytest.raises(WrongInput) as wrong:
        coopcase("letters-serve", *letters, *POST, *proof, *own[:2], *CLERK)
    assert [error.field for error in wrong.value.every] == [f"tracking.{letters[1]}"]
    with pytest.raises(WrongInput, match="not_a_pair_of_letter"):
        coopcase("letters-serve", letters[0], *POST, *proof, *own, *CLERK)
    assert len(coopcase("letters-waiting", *CLERK)) == len(letters) == 2
    done = coopcase("letters-serve", *letters, *POST, *proof, *own, *CLERK)
    assert (done["count"], done["left"]) == (2, {})
    assert coopcase("letters-waiting", *CLERK) == []
    back = coopcase("act", "--undo", str(done["operation"]), "--reason", "Nhầm ngày", *CLERK)
    assert (back["undoes"], back["cases"]) == (done["operation"], 2)
    assert [str(row["id"]) for row in coopcase("letters-waiting", *CLERK)] == letters
