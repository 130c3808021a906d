"""A load client over loopback: so many requests by so many clients, each on one kept connection; nothing unbounded."""

import http.client
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class Measured:
    """requests per second, and the sorted times of all answers in milliseconds."""

    rate: float
    times: list[float]

    def percentile(self, share: float) -> float:
        """The time within which `share` (0-1) of the answers came, in milliseconds (nearest rank)."""
        return self.times[min(len(self.times) - 1, max(0, -(-int(share * 1000) * len(self.times) // 1000) - 1))]


class WrongAnswer(RuntimeError):
    """The server answered something else than 200, so there is nothing to measure."""


def load(port: int, path: str, *, clients: int, requests: int, headers: Mapping[str, str]) -> Measured:
    """Ask for `path` `requests` times in all. Raises WrongAnswer at the first answer that is not 200."""
    taken, times, wrong = count(), [], list[str]()

    def one_client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while next(taken) < requests and not wrong:
            begun = time.perf_counter()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                wrong.append(f"{path} answered {answer.status}")
        connection.close()

    threads = [threading.Thread(target=one_client) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise WrongAnswer(wrong[0])
    return Measured(rate=len(times) / (time.perf_counter() - begun), times=sorted(times))
