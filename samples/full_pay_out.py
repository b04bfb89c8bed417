"""Lists of one case from which a pay-out has every kind of row: enough for all debts and something for the members."""

from typing import Any

FULL_INVENTORY: dict[str, Any] = {
    "assets": 200_000_000, "undivided": 20_000_000, "state_support": 20_000_000, "debts": 163_000_000,
    "land_form": "none",
}  # fmt: skip
_ASSETS: list[dict[str, Any]] = [
    {"number": 1, "name": "Nhà kho, thế chấp ngân hàng (mẫu)", "origin": "own", "value": 60_000_000, "state": "sold",
     "got": 60_000_000, "collateral_for": 4, "valued_by": "Hội đồng giải thể", "receiver": "Ông Hoàng Văn Mẫu"},
    {"number": 2, "name": "Máy xay xát và tiền gửi (mẫu)", "origin": "own", "value": 140_000_000, "state": "sold",
     "got": 140_000_000, "valued_by": "Hội đồng giải thể"},
    {"number": 3, "name": "Trạm bơm do Nhà nước hỗ trợ (mẫu)", "origin": "state", "value": 20_000_000,
     "state": "handed_over", "receiver": "UBND xã Tam Cường", "decision": "15/QĐ-UBND (mẫu)",
     "minutes": "BB 02/2016 (mẫu)"},
]  # fmt: skip
_CLAIMS: list[dict[str, Any]] = [
    {"number": 1, "claimant": "Chi phí giải thể (mẫu)", "kind": "cost", "amount": 12_000_000},
    {"number": 2, "claimant": "Lương người lao động (mẫu)", "kind": "wages", "amount": 18_000_000},
    {"number": 3, "claimant": "Bảo hiểm xã hội huyện (mẫu)", "kind": "insurance", "amount": 5_000_000},
    {"number": 4, "claimant": "Ngân hàng (mẫu)", "kind": "secured", "amount": 90_000_000},
    {"number": 5, "claimant": "Công ty vật tư (mẫu)", "kind": "unsecured", "amount": 40_000_000,
     "disputed": 20_000_000},
    {"number": 6, "claimant": "Chi cục Thuế (mẫu)", "kind": "tax", "amount": 10_000_000, "agency": "tax"},
]  # fmt: skip
_MEMBERS: list[dict[str, Any]] = [
    {"number": place, "name": f"{name} (mẫu)", "capital": capital}
    for place, (name, capital) in enumerate(
        (("Trần Văn Mẫu", 10_000_000), ("Nguyễn Thị Mẫu", 20_000_000), ("Phạm Văn Mẫu", 20_000_000)), start=1
    )
]
FULL_LISTS: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
    ("record_claims", "claims", _CLAIMS), ("record_assets", "assets", _ASSETS), ("record_members", "members", _MEMBERS),
)  # fmt: skip
