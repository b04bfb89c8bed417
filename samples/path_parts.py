"""Steps that scripted paths share: reviews, decisions, councils, closing, with invented data that procedures accept."""

from dataclasses import replace
from typing import Any

from samples.invented import ASSETS, COUNCIL, LISTED_CLAIMS, PAYOUT
from samples.path_step import Step, day, later

MEETING_DAYS = {"called_on": later(-10), "held_on": day}
MEMBERS = {**MEETING_DAYS, "session": "1", "members_total": 120, "present": 96, "in_favour": 90}
INVENTORY = {"taken_on": day, "assets": 100_000_000, "undivided": 0, "debts": 130_000_000, "land_form": "none"}


def decided(measure: str) -> tuple[Step, ...]:
    """Return the steps from classification to the decision on a measure."""
    return (
        Step("start_proposal", after=10),
        Step(
            "propose_measure", data={"measure": measure, "reasons": "Theo kết quả rà soát và ý kiến các bên"}, after=15
        ),
        Step(
            "record_consultation",
            after=9,
            data={"consulted_on": day, "bodies": "Liên minh HTX, Phòng Kinh tế, UBND xã", "opinion": "Thống nhất"},
        ),
        Step("check_legality", "legal", data={"note": "Đủ căn cứ, đúng thẩm quyền"}, after=5),
        Step("submit_measure", after=3),
        Step("decide_measure", "leader", data={"measure": measure}, after=8),
    )


REVIEW = (
    Step("accept_case", data={"file_held": "true"}, after=3),
    Step("send_visit_notice", data={"visit_on": later(10), "place": "Trụ sở hợp tác xã"}, after=4),
    Step("ask_agencies", data={"tax_period": "2010-2014"}, after=1),
    Step(
        "record_visit",
        after=10,
        proof=True,
        data={
            "visited_on": day,
            "present": "Tổ công tác, đại diện hợp tác xã, UBND xã",
            "findings": "Còn con dấu; không còn dịch vụ cho thành viên",
            "signed": "true",
        },
    ),
    Step("record_agency_reply", after=6, data={"agency": "tax", "symbol": "215/CCT-KK", "debt": 20_000_000}),
    Step(
        "classify",
        after=8,
        data={
            "grade": "yeu",
            "status": "B3",
            "cause": "Không có vốn, ban quản trị không được kiện toàn",
            "responsible": "Phòng Tài chính - Kế hoạch",
            "rubric": "Hướng dẫn của thành phố (mẫu)",
        },
    ),
)
WELL = (*REVIEW[:-1], replace(REVIEW[-1], data={**REVIEW[-1].data, "grade": "kha", "status": "B1"}))
TRACE = (
    REVIEW[0],
    Step("start_trace", data={"reason": "Trụ sở khóa cửa, điện thoại không liên lạc được"}, after=12),
    Step("record_trace", "commune", 9, {"traced_on": day, "findings": "Hàng xóm cho biết đã đi khỏi"}, proof=True),
    Step("record_trace", "commune", proof=True, data={"traced_on": day, "findings": "Vẫn không có ai"}, after=14),
    Step(
        "record_posting",
        "commune",
        after=2,
        proof=True,
        data={"posted_from_on": day, "posted_to_on": later(15), "place": "UBND xã", "witness": "Đào Văn Phong"},
    ),
    Step("declare_untraceable", data={"cause": "Ban quản trị bỏ đi từ lâu"}, after=16),
)
NEWSPAPER = tuple(
    Step(
        "record_newspaper_issue",
        after=1,
        proof=True,
        data={"newspaper": "Báo Hải Phòng", "issue_number": 9200 + place, "printed_on": day},
    )
    for place in range(3)
)
CREDITORS = Step(
    "notify_creditors", proof=True, after=4, data={"notified_on": day, "claims_until_on": later(18), "count": 4}
)
STOCK = (
    Step("record_inventory", proof=True, data=INVENTORY, after=12),
    Step("record_assets", data={"assets": ASSETS}, after=0),
    Step("record_claims", data={"claims": LISTED_CLAIMS}, after=0),
    Step(
        "weigh_insolvency",
        data={"reason": "Chủ nợ đồng ý nhận theo tỷ lệ trong hàng, không ai yêu cầu phá sản (mẫu)"},
        after=1,
    ),
    Step("close_branches", data={"branches": 0}, after=1),
)
CLOSE = (
    Step("write_closing_report", data={"checklist": "Đủ hồ sơ theo danh mục", "archive_box": "H12"}, after=4),
    Step("request_paper_waiver", data={"reason": "Phát hành trên giấy, bản gốc trong hồ sơ lưu"}, after=1),
    Step("approve_paper_waiver", "manager", data={"reason": "Đã xem hồ sơ giấy"}, after=1),
    Step("close_case", "manager", after=3),
)
PAPER_WAIVER = frozenset({"request_paper_waiver", "approve_paper_waiver"})  # left out where every paper is there
MEETING = Step(
    "record_annual_meeting",
    proof=True,
    data={**MEMBERS, "matter": "form", "resolution": "Nghị quyết 01/NQ-ĐHTV"},
    after=20,
)
ELECTION = replace(MEETING, data={**MEETING.data, "matter": "other", "in_favour": 60})
COMMITMENT = Step(
    "record_commitment",
    proof=True,
    after=10,
    data={
        "actions": "Kiện toàn ban quản trị, mở lại dịch vụ",
        "result": "Xếp loại trung bình trở lên",
        "by_on": later(150),
    },
)
DEMAND = Step(
    "demand_reregister",
    after=6,
    data={
        "deficiencies": "Thành viên góp vốn không dùng dịch vụ",
        "papers": "Điều lệ, danh sách thành viên, phương án",
    },
)
FILE = Step("receive_file", data={"received_on": day, "receipt": "BN-15"}, after=18)
CERTIFICATE = Step(
    "issue_certificate", "manager", proof=True, after=4, data={"certificate_number": "020707000123", "issued_on": day}
)
RETURNS = (
    Step("return_item", proof=True, data={"item": "seal", "receipt": "CA-77"}, after=6),
    Step("return_item", proof=True, data={"item": "certificate", "receipt": "TCKH-31"}, after=1),
)
WAIVERS = (
    Step(
        "request_waiver", proof=True, data={"item": "seal", "reason": "Mất con dấu, có xác nhận của công an"}, after=6
    ),
    Step("approve_waiver", "manager", data={"item": "seal", "reason": "Xác nhận đầy đủ"}, after=3),
    RETURNS[1],
)
COMPLETION = Step("record_completion", data={"completed_on": day}, after=1)
DOSSIER = {"received_on": day}
DELETION: dict[str, Any] = {"deleted_on": day, "register_entry": "Quyển 2, số 145"}
RESOLVE = Step(
    "resolve_dissolution",
    proof=True,
    after=25,
    data={**MEMBERS, "resolution": "Nghị quyết giải thể 02/NQ-ĐHTV", "council_formed_on": day},
)
GROUND = (
    Step("request_explanation", data={"ground": "a", "reply_by_on": later(15)}, after=6),
    Step(
        "record_paper_service",
        proof=True,
        after=2,
        data={"deadline": "explain_target", "symbol": "31/TB-TCKH (mẫu)", "way": "hand", "served_on": day},
    ),
    Step("record_explanation", data={"answered": "false"}, after=20),
    Step(
        "prove_ground",
        proof=True,
        data={"ground": "a", "from_on": "2012-06-01", "proof": "Xác nhận của thuế và xã"},
        after=5,
    ),
)
WITHDRAWAL = Step(
    "withdraw_certificate", "manager", data={"ground": "d", "reason": "Không đăng ký mã số thuế"}, after=3
)
WITHDRAWAL_SERVED = Step(
    "record_paper_service",
    proof=True,
    after=2,
    data={"deadline": "withdrawal_complaint_period", "symbol": "9/QĐ-TCKH (mẫu)", "way": "hand", "served_on": day},
)
LEGALITY = Step("check_legality", "legal", data={"note": "Đủ căn cứ, đúng thẩm quyền"}, after=5)
TAX_REPLY = Step("record_agency_reply", data={"agency": "tax", "symbol": "310/CCT-KK", "debt": 20_000_000}, after=2)
COMPULSORY_DECISION = (
    Step("prepare_dossier", after=4),
    LEGALITY,
    Step("submit_dossier", "manager", data={"council": COUNCIL}, after=8),
    Step("decide_dissolution", "leader", data={"council": COUNCIL}, after=7),
)
POSTING = Step(
    "record_posting",
    "commune",
    after=3,
    proof=True,
    data={"posted_from_on": day, "posted_to_on": later(15), "place": "UBND xã", "witness": "Đào Văn Phong"},
)
COMPULSORY_COUNCIL = (POSTING, *NEWSPAPER, CREDITORS, *STOCK, TAX_REPLY, Step("start_compulsory_payout", after=3))
COMPULSORY_END = (
    Step("propose_compulsory_payout", proof=True, data=PAYOUT, after=6),
    Step("approve_compulsory_payout", "manager", after=2),
    COMPLETION,
    *RETURNS,
    Step("file_compulsory_dossier", "clerk", proof=True, data=DOSSIER, after=3),
    Step("delete_name", "manager", data=DELETION, after=3),
)
VOLUNTARY_COUNCIL = (
    Step("notify_registrar", proof=True, data={"notified_on": day}, after=3),
    *NEWSPAPER,
    CREDITORS,
    *STOCK,
    TAX_REPLY,
    Step("start_payout", after=3),
)
VOLUNTARY_END = (
    Step("propose_payout", proof=True, data=PAYOUT, after=6),
    Step("approve_payout", "manager", after=2),
    COMPLETION,
    *RETURNS,
    Step("file_dossier", "clerk", proof=True, data=DOSSIER, after=3),
    Step("confirm_dissolution", "manager", data=DELETION, after=3),
)
TO_COMPULSORY = (*REVIEW, *decided("dissolve_compulsory"))
TO_VOLUNTARY = (*REVIEW, *decided("dissolve_voluntary"), RESOLVE)
