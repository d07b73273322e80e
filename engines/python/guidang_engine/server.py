"""A small speech server with OpenAI's protocol, for the machine it runs on alone.

Guidang starts it, hands it one line of JSON on standard input (key, models,
threads), and reads one line of JSON with the port from standard output. It ends
when standard input closes, which happens however its parent dies. One request is
worked on at a time; others wait their turn. No text ever goes into the log.
"""
from __future__ import annotations

import base64
import hmac
import json
import logging
import math
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import answers, form, sound
from .confine import confine

log = logging.getLogger("guidang")

# More than so many waiting requests are sent away, with a word when to come again.
MAX_WAITING = 8
MAX_SPANS = 100_000

# Where speech is nowhere more probable than this, nobody is asked what is said (pure
# noise reaches 0.22, talk under noise that is 10 dB louder 0.9): an
# engine tries all temperatures on music, and then writes something all the same.
NOBODY = 0.25


@dataclass
class Ask:
    """What a request wants to be done with its sound."""

    language: str = ""
    languages: list[str] = field(default_factory=list)  # that may be spoken, when none is told; empty: any
    prompt: str = ""
    hotwords: str = ""
    temperature: float | None = None
    words: bool = False
    vad: bool = False


class Refused(Exception):
    """A request that is answered with an error of the given status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Models:
    """The installed models. One is loaded, and one request works on it at a time."""

    def __init__(self, models: dict, default: str, threads: int, speakers: str = "") -> None:
        self.models, self.default, self.threads, self.speakers = models, default, threads, speakers
        self._voices = None
        self._turn = threading.Lock()
        self._count = threading.Lock()
        self.waiting, self._last = 0, time.monotonic()
        self._name, self._engine = "", None

    @property
    def idle(self) -> float:
        with self._count:
            return 0.0 if self.waiting else time.monotonic() - self._last

    def name(self, asked: str) -> str:
        """The model that was asked for; another one is never taken in its place."""
        name = asked or self.default
        if name not in self.models:
            raise Refused(404, "model_not_found", f"there is no model {name!r} here; there are {', '.join(sorted(self.models))}")
        return name

    def load(self, name: str):
        if self._name != name:
            begun = time.monotonic()
            self._engine, self._name = None, ""
            self._engine = make(self.models[name], self.threads)
            self._name = name
            log.info("model %s loaded in %.1f s", name, time.monotonic() - begun)
        return self._engine

    def voices(self):
        if not self.speakers:
            raise Refused(404, "speakers_not_found", "what tells voices apart is not installed")
        if self._voices is None:
            from .voices import Voices

            self._voices = Voices(self.speakers, self.threads)
        return self._voices

    def __enter__(self):
        with self._count:
            if self.waiting >= MAX_WAITING:
                raise Refused(503, "busy", "too many requests are waiting")
            self.waiting += 1
        self._turn.acquire()
        return self

    def __exit__(self, *_) -> None:
        self._turn.release()
        with self._count:
            self.waiting -= 1
            self._last = time.monotonic()


def make(model: dict, threads: int):
    """Each engine's packages are imported when it is wanted: they may not be installed."""
    if model["kind"] == "whisper":
        from .whisper import Whisper

        return Whisper(model["dir"], threads)
    from .sherpa import Sherpa

    return Sherpa(model["dir"], model["kind"], threads)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "guidang-engine"
    sys_version = ""
    timeout = 600  # of one read: a client that stalls gives its thread back
    models: Models
    key: str

    def log_message(self, *_) -> None:  # the log of requests says nothing that ours does not
        pass

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _get(self) -> tuple[str, bytes]:
        if self.path == "/health":
            return _json({"status": "ok", "idle": round(self.models.idle, 1), "waiting": self.models.waiting})
        self._authorise()
        if self.path == "/v1/models":
            return _json({"object": "list", "data": [{"id": n, "object": "model", "owned_by": "guidang"} for n in sorted(self.models.models)]})
        raise Refused(404, "not_found", "there is no such address")

    def _post(self) -> tuple[str, bytes]:
        self._authorise()
        if self.path not in ("/v1/audio/transcriptions", "/v1/audio/speech-activity", "/v1/audio/voices"):
            raise Refused(404, "not_found", "there is no such address")
        body = form.read_body(self.rfile, self.headers)
        self.unread = False
        f = form.parse_form(body, self.headers.get("Content-Type", ""))
        if f.file is None:
            raise Refused(400, "no_file", "the form has no file")
        with self.models as models:
            begun = time.monotonic()
            if self.path.endswith("activity"):
                samples = sound.decode(f.file)
                spans = [[round(a / sound.RATE, 3), round(b / sound.RATE, 3)] for a, b in sound.speech(samples)]
                return _json({"duration": round(len(samples) / sound.RATE, 3), "speech": spans})
            if self.path.endswith("voices"):
                return self._voices(models, f)
            return self._transcribe(models, f, begun)

    def _transcribe(self, models: Models, f: form.Form, begun: float) -> tuple[str, bytes]:
        name = models.name(f.get("model"))
        shape = f.get("response_format", "json") or "json"
        if shape not in answers.FORMATS:
            raise Refused(400, "response_format", f"response_format is one of {', '.join(answers.FORMATS)}")
        ask = asked(f)
        try:
            engine = models.load(name)
        except Exception as error:
            log.error("model %s cannot be loaded: %s", name, error)
            raise Refused(500, "model_broken", f"the model cannot be loaded ({type(error).__name__})") from None
        if ask.language and ask.language not in engine.languages:
            raise Refused(400, "language", f"the model {name} knows no language {ask.language!r}")
        ask.languages = [x for x in ask.languages if x in engine.languages]
        samples = sound.decode(f.file)
        speech, probable = sound.activity(samples) if f.yes("speech_activity") else (None, 1.0)
        if probable < NOBODY:
            transcript = answers.Transcript(ask.language, len(samples) / sound.RATE)
        else:
            transcript = engine.transcribe(samples, ask)
        transcript.speech = speech
        log.info("%.1f s of sound in %.1f s, %s, %d segments", transcript.duration, time.monotonic() - begun, name, len(transcript.segments))
        return answers.write(transcript, shape, ask.words)

    def _voices(self, models: Models, f: form.Form) -> tuple[str, bytes]:
        try:
            spans = json.loads(f.get("spans", "null") or "null")
            spans = spans and [(int(float(a) * sound.RATE), int(float(b) * sound.RATE)) for a, b in spans[:MAX_SPANS]]
        except (ValueError, TypeError, OverflowError):
            raise Refused(400, "spans", "spans is a list of [start, end] in seconds") from None
        voices = models.voices()
        samples = sound.decode(f.file)
        if spans is None:
            spans = sound.speech(samples)
        out = [
            {"start": round(a / sound.RATE, 3), "end": round(b / sound.RATE, 3), "voice": base64.b64encode(v.astype("<f4").tobytes()).decode()}
            for a, b, v in voices.windows(samples, spans)
        ]
        return _json({"duration": round(len(samples) / sound.RATE, 3), "windows": out})

    def _authorise(self) -> None:
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.key}".encode()):
            raise Refused(401, "unauthorized", "the key is missing or wrong")

    def _answer(self, work) -> None:
        self.unread = self.command == "POST"
        retry = None
        try:
            status, (kind, body) = 200, work()
        except Refused as e:
            status, (kind, body) = e.status, _error(e.code, str(e))
            retry = "5" if status == 503 else None
        except (form.TooLarge, sound.TooLong) as e:
            status, (kind, body) = 413, _error("too_large", str(e))
        except (form.BadForm, sound.Unreadable) as e:
            status, (kind, body) = 400, _error("bad_request", str(e))
        except (BrokenPipeError, ConnectionError, TimeoutError):
            self.close_connection = True
            return
        except Exception as error:  # a fault of ours or of an engine costs one request
            log.error("%s: %s", type(error).__name__, _where(error))
            status, (kind, body) = 500, _error("internal", f"the engine failed ({type(error).__name__})")
        # What was sent and not read would be taken for the next request.
        self.close_connection = self.close_connection or self.unread
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if retry:
                self.send_header("Retry-After", retry)
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionError, TimeoutError):
            self.close_connection = True


def asked(f: form.Form) -> Ask:
    temperature = None
    if f.get("temperature"):
        try:
            temperature = float(f.get("temperature"))
        except ValueError:
            temperature = math.nan
        if not 0 <= temperature <= 1:
            raise Refused(400, "temperature", "temperature is a number from 0 to 1")
    granularities = f.all("timestamp_granularities[]") + f.all("timestamp_granularities")
    return Ask(
        language="" if f.get("language") == "auto" else f.get("language").strip().lower(),
        languages=[x.strip().lower() for x in f.get("languages").split(",") if x.strip()],
        prompt=f.get("prompt"), hotwords=f.get("hotwords"),
        temperature=temperature, words="word" in granularities, vad=f.yes("vad_filter"),
    )


def _json(value) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


def _error(code: str, message: str) -> tuple[str, bytes]:
    return _json({"error": {"message": message, "type": "guidang_error", "code": code}})


def _where(error: BaseException) -> str:
    """Where an error arose. Its words may hold text of a recording, so they are left out."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"


def serve(settings: dict, ready) -> ThreadingHTTPServer:
    """A server that listens; ready is told its port."""
    models = Models(settings["models"], settings["default"], settings["threads"], settings.get("speakers", ""))
    handler = type("Bound", (Handler,), {"models": models, "key": settings["key"]})
    server = ThreadingHTTPServer(("127.0.0.1", settings.get("port", 0)), handler)
    server.daemon_threads = True
    ready(server.server_address[1])
    return server


def main() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s")
    log.setLevel(logging.INFO)
    settings = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    models = settings["models"]
    # Before anything is imported that makes threads: they inherit it, and it binds no other.
    readable = [m["dir"] for m in models.values()] + [p for p in [settings.get("speakers")] if p]
    measures = confine(readable, settings.get("scratch", ""))
    log.info("confined by: %s", ", ".join(measures) or "nothing")
    if settings["default"] in models:
        make_ready(models[settings["default"]])
    if settings.get("speakers"):
        from . import voices  # noqa: F401  # another version of Guidang may take our files away while we run

    def ready(port: int) -> None:
        print(json.dumps({"port": port, "confined": measures}), flush=True)

    serve(settings, ready).serve_forever()


def make_ready(model: dict) -> None:
    """Imports the engine now: a missing package is told at the start, not at the first recording."""
    if model["kind"] == "whisper":
        from . import whisper  # noqa: F401
    else:
        import sherpa_onnx  # noqa: F401


def _end_with_parent() -> None:
    # Parents die in many ways; a closed pipe is told in all of them and on every system.
    while sys.stdin.readline():
        pass
    os._exit(0)
