"""How often: a count of a minute, kept in the process and forgotten; no address is stored anywhere.

These are for machines that flood; whoever guesses codes is slowed down by the kernel's throttle, which counts only
what goes wrong. A lecture hall sits behind one address, so answers are counted for each phone.
"""

import threading
import time
from collections import OrderedDict

SECONDS = 60
MOST_KEYS = 20_000


class Limit:
    """At most `most` of something in a minute for each key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def count(self, key: str) -> bool:
        """Count one; True where that was one too many."""
        now = time.monotonic()
        with self._lock:
            began, count = self._seen.get(key, (now, 0))
            if now - began >= SECONDS:
                began, count = now, 0
            self._seen[key] = (began, count + 1)
            self._seen.move_to_end(key)
            while len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)
            return count + 1 > self.most

    def forget(self) -> None:
        with self._lock:
            self._seen.clear()


answers = Limit(40)  # by phone
new_phones = Limit(6000)  # by address: more than a meeting holds, all behind one address
