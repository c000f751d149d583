"""What the instruments cost: the first read of a long text, a minute of sound from upload to player, its transcript."""

import http.client
import json
import time
from pathlib import Path

from curriculum.firstread import read
from tests.sounds.making import encoded

from .acts import Failed, csrf, get
from .forms import Forms, body
from .serving import Server, Timing, request

WORDS = 250
TEXT = (
    "One address check instead of two would save a parcel in sixty. Logistics pays for each return and Support answers "
    "each call. It costs three weeks on our side and one on theirs. Going back is a switch. I need a yes by 20 May. "
)
PIECE, SPOKEN = "/work/w6-x1/", "/work/w6-t6/"
TIMES, WARM = 100, 10  # the first requests of a worker load what every later one finds


def measure(server: Server, cookie: str) -> list[dict]:
    """One row a measurement, in milliseconds but for the transcript, which is in multiples of real time."""
    return [first_read(server, cookie), upload(server, cookie), transcript()]


def first_read(server: Server, cookie: str) -> dict:
    """From the post of 250 words to the part of the page with its notes; and the rules alone."""
    text = " ".join((TEXT * 8).split()[:WORDS])
    _status, page, found = request(server, "GET", PIECE, cookie)
    token = Forms(page).holding("csrfmiddlewaretoken", "client_key")["fields"]["csrfmiddlewaretoken"]
    cookies, sent = f"{cookie}; csrf={csrf(found['cookies'])}", body({"csrfmiddlewaretoken": token, "body": text})
    script = {"X-Requested-With": "XMLHttpRequest", "Content-Type": "application/x-www-form-urlencoded"}
    timing, alone = Timing(), Timing()
    for _each in range(WARM):
        request(server, "POST", f"{PIECE}first-read/", cookies, sent, script)
    for _each in range(TIMES):
        began = time.perf_counter()
        status, answer, _found = request(server, "POST", f"{PIECE}first-read/", cookies, sent, script)
        timing.wall.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise Failed(f"the first read answered {status}: {answer[:200]}")
        began = time.perf_counter()
        read(text, "page")
        alone.wall.append((time.perf_counter() - began) * 1000)
    return {
        "title": f"first read of {WORDS} words, request and page part", "p50": timing.p50, "p95": timing.p95,
        "unit": "ms", "goal": 30, "note": f"the rules alone {alone.p50:.1f} ms",
    }  # fmt: skip


def upload(server: Server, cookie: str) -> dict:
    """A minute as Chromium records it: announced, sent in parts, decoded, made playable, ready to be heard."""
    sound, timing = encoded(60), Timing()
    _status, page, found = request(server, "GET", SPOKEN, cookie)
    token = Forms(page).holding("csrfmiddlewaretoken", "client_key")["fields"]["csrfmiddlewaretoken"]
    cookies = f"{cookie}; csrf={csrf(found['cookies'])}"
    for number in range(10):
        began = time.perf_counter()
        state = _sent(server, cookies, token, sound, f"bench {number}")
        timing.wall.append((time.perf_counter() - began) * 1000)
        if state != "ready":
            raise Failed(f"the recording is {state}")
    get(server, SPOKEN, cookie)
    return {
        "title": "60 s of sound, from the announcement to ready", "p50": timing.p50, "p95": timing.p95,
        "unit": "ms", "goal": None, "note": f"{len(sound) // 1000} kB of WebM, decoded in a process of its own",
    }  # fmt: skip


def _sent(server: Server, cookies: str, token: str, sound: bytes, key: str) -> str:
    headers = {"X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token}
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    announced = body({"size": str(len(sound)), "client_key": key})
    told = json.loads(request(server, "POST", f"{SPOKEN}recordings/", cookies, announced, form)[1])
    while told["state"] == "receiving":
        start = told["received"]
        told = _part(server, cookies, headers, told["key"], start, sound[start : start + told["part"]])
    return told["state"]


def _part(server: Server, cookies: str, headers: dict, key: str, start: int, data: bytes) -> dict:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    sent = {**headers, "Cookie": cookies, "Content-Type": "application/octet-stream", "Upload-Offset": str(start)}
    link.request("POST", f"{SPOKEN}recordings/{key}/", body=data, headers=sent)
    answer = json.loads(link.getresponse().read())
    link.close()
    return answer


def transcript() -> dict:
    """Recorded speech through the whole of it, the start of the process and the model's loading included."""
    from clients import speech

    sound = Path(__file__).parent.parent / "speech" / "kennedy.ogg"
    rates = []
    for _each in range(3):
        began = time.perf_counter()
        heard = [told for told in speech.listen(sound) if not isinstance(told, int)]
        rates.append(11.0 / (time.perf_counter() - began))
        if not heard:
            raise Failed("nothing was heard")
    rates.sort()
    return {
        "title": "transcript of 11 s of speech, tiny model, two threads", "p50": rates[1], "p95": rates[0],
        "unit": "× real time", "goal": None, "note": "loading the model included; more is faster",
    }  # fmt: skip
