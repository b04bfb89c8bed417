"""An office that signs in ink."""

import pytest

from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office


@pytest.fixture
def papers(small: Office) -> Paperwork:
    return Paperwork(small.bind, small.first)
