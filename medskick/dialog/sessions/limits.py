"""How often: a count of a minute, kept in the process and forgotten; no address is stored anywhere.

The limits are for machines that guess or flood. A lecture hall sits behind one address, so what people do in one is
counted for each phone; for an address only what goes wrong is counted.
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

    def reached(self, key: str) -> bool:
        """Whether the key has had its number for this minute. Counts nothing."""
        with self._lock:
            began, count = self._seen.get(key, (0.0, 0))
            return count >= self.most and time.monotonic() - began < SECONDS

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


wrong_codes = Limit(60)  # by address: at 60 a minute it takes hours to find one open session of 9,000 codes
wrong_addresses = Limit(30)  # by address: 80 random bits cannot be guessed, but nobody needs to try
answers = Limit(40)  # by phone
new_phones = Limit(1500)  # by address: three full lecture halls a minute
