"""Table fields of the scripted paths: a balanced pay-out, and a council with two vacant seats."""

from typing import Any

CLAIMS = [
    {"rank": 1, "claimant": "Chi phí giải thể", "claim": 12_000_000, "paid": 12_000_000},
    {"rank": 2, "claimant": "Lương, bảo hiểm người lao động", "claim": 30_000_000, "paid": 30_000_000},
    {"rank": 4, "claimant": "Công ty vật tư nông nghiệp (mẫu)", "claim": 80_000_000, "paid": 46_400_000},
    {"rank": 4, "claimant": "Chi cục Thuế", "claim": 20_000_000, "paid": 11_600_000},
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
