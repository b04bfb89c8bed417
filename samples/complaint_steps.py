"""Steps of complaints, second complaints and suits in scripted paths."""

from collections.abc import Mapping

from samples.path_step import Step, day, later

OF_COMMITTEE = {"settler": "district_committee", "concerns": "dissolution", "against": "Quyết định giải thể"}
OF_OFFICE = {"settler": "finance_office", "concerns": "withdrawal", "against": "Quyết định thu hồi giấy chứng nhận"}


def complaint(of: Mapping[str, str], settled_by: str) -> tuple[Step, ...]:
    """A complaint that is verified and settled, the decision kept."""
    dialogue = {
        "held_on": day, "place": "Trụ sở tiếp công dân", "chair": "Lê Văn Mẫu", "present": "Hai bên và Thanh tra",
        "said": "Người khiếu nại giữ nguyên ý kiến", "result": "Không bổ sung tài liệu",
    }  # fmt: skip
    report = {
        "by_whom": "other", "claim": "Hợp tác xã vẫn hoạt động", "findings": "Không có chứng từ trong thời gian đó",
        "conclusion": "Khiếu nại không có cơ sở", "proposal": "Giữ nguyên quyết định",
    }  # fmt: skip
    order = {"verifier": "Thanh tra huyện", "content": "Việc hợp tác xã có hoạt động", "report_by_on": later(15)}
    return (
        Step("receive_complaint", after=5, data={"received_on": day, "complainant": "Mai Văn Đạt", **of}),
        Step("accept_complaint", "legal", after=6),
        Step("order_verification", "legal", after=1, data=order),
        Step("record_dialogue", "legal", after=6, data=dialogue),
        Step("report_verification", after=5, proof=True, data=report),
        Step(
            "settle_complaint", settled_by, after=8, data={"result": "keep", "conclusion": "Quyết định đúng pháp luật"}
        ),
    )


COMPLAINT = complaint(OF_COMMITTEE, "leader")
APPEAL = {"filed_on": day, "who": "Mai Văn Đạt"}
SECOND = {**APPEAL, "way": "second", "settler": "district_committee", "body": "UBND huyện"}
SECOND_SETTLED = {
    "result": "keep", "claim": "Hợp tác xã vẫn hoạt động", "verified": "Đã xác minh lại",
    "conclusion": "Giải quyết lần đầu đúng pháp luật",
}  # fmt: skip
SUIT = {**APPEAL, "way": "suit", "body": "Tòa án nhân dân thành phố", "against": "Quyết định giải thể"}
