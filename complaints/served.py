"""A stored picture as the doors serve it: to one reader, kept by nobody, run by no browser."""

from django.http import HttpResponse


def picture(content: bytes) -> HttpResponse:
    """A JPEG that no cache keeps and no browser takes for anything else."""
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Disposition": 'inline; filename="photo.jpg"',
        },
    )
