"""The page that says how a forecast is made, for those who decide by it."""

from collections.abc import Callable

from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


def test_the_late_page_leads_to_the_method_with_each_verdict_and_the_limits(office: Office, as_role: As) -> None:
    visitor = as_role("leader")
    assert 'href="/late/method"' in visitor.get("/late").text
    text = visitor.get("/late/method").text
    for said in ("Bảo đảm tiến độ", "Có nguy cơ chậm", "Chưa đủ số liệu", "Khả năng xong hết từ 80% trở lên"):
        assert said in text
    assert "Chưa có dự báo nào đã đưa ra mà đến ngày." in text
    assert "Dự báo chỉ để tham khảo khi cơ quan đang thay đổi" in text
