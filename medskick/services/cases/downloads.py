from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponseBase, StreamingHttpResponse

from medskick.kernel.files.actions import open_file
from medskick.kernel.files.models import StoredFile
from medskick.services.cases.models import Case


def download(case: Case, file_id: UUID) -> HttpResponseBase:
    """A file of a case that the reader may read: always saved, never shown as a page of ours, whatever it holds."""
    stored = StoredFile.objects.filter(id=file_id, item_id=case.item_id).first()
    if stored is None:
        raise Http404
    response = StreamingHttpResponse(open_file(stored), content_type=stored.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
    response["Content-Length"] = str(stored.size)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
