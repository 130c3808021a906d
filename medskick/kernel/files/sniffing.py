"""What a file is, by its first bytes: a name and a stated type are only claims."""

ALLOWED = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "text/plain": ".txt",
}

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def sniff(head: bytes, *, whole: bool = False) -> str | None:
    """The media type by content of the first 4 kB, or None where it is none that we take in.

    whole: the file has no more than this.
    """
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head and _is_text(head, whole):
        return "text/plain"
    return None


def _is_text(head: bytes, whole: bool) -> bool:
    if any(byte < 32 and byte not in (9, 10, 13) for byte in head) or head.lstrip()[:1] == b"<":
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as fault:
        # A character cut in two where the head ends is no fault of the file's.
        return not whole and fault.start >= len(head) - 3
    return True
