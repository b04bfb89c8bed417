"""Files beside what is said of them: a PDF in a frame of our own page, which may run nothing, and nowhere else."""

from fastapi.responses import Response

from web.request_guards import HEADERS

POLICY = "Content-Security-Policy"
FILE_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def framed_file(answer: Response) -> Response:
    """A file that our own page may show in a frame. No `sandbox`: browsers then refuse to show a PDF at all."""
    answer.headers[POLICY] = FILE_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def with_frames(answer: Response) -> Response:
    """A page that shows such a file."""
    answer.headers[POLICY] = f"{HEADERS[POLICY]}; frame-src 'self'"
    return answer
