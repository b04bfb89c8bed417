"""Table fields of the scripted paths: assets, claims and their pay-out, and a council with two vacant seats."""

from typing import Any

ASSETS = [
    {"number": 1, "name": "Nhà kho vật tư", "origin": "own", "value": 70_000_000, "state": "sold", "got": 70_000_000},
    {
        "number": 2,
        "name": "Tiền gửi ngân hàng",
        "origin": "own",
        "value": 30_000_000,
        "state": "sold",
        "got": 30_000_000,
    },
]
LISTED_CLAIMS = [
    {"number": 1, "claimant": "Chi phí giải thể", "kind": "cost", "amount": 12_000_000},
    {"number": 2, "claimant": "Lương, bảo hiểm người lao động", "kind": "wages", "amount": 30_000_000},
    {"number": 3, "claimant": "Công ty vật tư nông nghiệp (mẫu)", "kind": "unsecured", "amount": 80_000_000},
    {"number": 4, "claimant": "Chi cục Thuế", "kind": "tax", "amount": 20_000_000, "agency": "tax"},
]
CLAIMS = [
    {"rank": 1, "claimant": "Chi phí giải thể", "claim": 12_000_000, "paid": 12_000_000, "number": 1},
    {"rank": 2, "claimant": "Lương, bảo hiểm người lao động", "claim": 30_000_000, "paid": 30_000_000, "number": 2},
    {"rank": 4, "claimant": "Công ty vật tư nông nghiệp (mẫu)", "claim": 80_000_000, "paid": 46_400_000, "number": 3},
    {"rank": 4, "claimant": "Chi cục Thuế", "claim": 20_000_000, "paid": 11_600_000, "number": 4},
]
PAYOUT: dict[str, Any] = {"available": 100_000_000, "claims": CLAIMS}
COUNCIL = [
    {"seat": "chair", "name": "Nguyễn Văn Hùng", "post": "Phó Chủ tịch UBND"},
    {"seat": "standing", "name": "Trần Thị Lan", "post": "Trưởng phòng Tài chính - Kế hoạch"},
    {"seat": "line_agency", "name": "Lê Quang Sơn", "post": "Phòng Kinh tế"},
    {"seat": "commune", "name": "Phạm Hữu Bình", "post": "Phó Chủ tịch UBND xã"},
    {"seat": "board", "reason_missing": "Không còn hội đồng quản trị, đã xác minh hai lần"},
    {"seat": "control_board", "reason_missing": "Không còn ban kiểm soát"},
    {"seat": "member", "name": "Vũ Đình Toàn", "post": "Thành viên"},
]
