"""Tests of the server that need nothing but Python: engines are stand-ins."""
from __future__ import annotations

import http.client
import io
import json
import struct
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from types import SimpleNamespace

from guidang_engine import answers, form, languages, server, sherpa, silk, sound

BOUNDARY = "x-boundary"


def multipart(fields, data: bytes | None = b"sound") -> bytes:
    out = b""
    for name, value in fields:
        out += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    if data is not None:
        out += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="会议.flac"\r\nContent-Type: audio/flac\r\n\r\n'.encode() + data + b"\r\n"
    return out + f"--{BOUNDARY}--\r\n".encode()


class Silk(unittest.TestCase):
    """The decoder is a stand-in: it reads as pysilk does, and fails at a packet of zeros."""

    class Failed(Exception):
        pass

    def decode(self, file, out, rate):
        self.assertEqual((file.read(9), rate), (silk.MAGIC, silk.RATE))
        while len(size := file.read(2)) == 2:
            packet = file.read(struct.unpack("<H", size)[0])
            if not any(packet):
                raise self.Failed
            out.write(packet[:1] * (2 * silk.FRAME))

    def heard(self, data: bytes) -> bytes:
        out = io.BytesIO()
        silk.convert(io.BytesIO(data), out, self.decode, self.Failed)
        return out.getvalue()

    def test_packets(self):
        def packet(n: int, length: int = 3) -> bytes:
            return struct.pack("<H", length) + bytes([n]) * length

        note, frame = packet(1) + packet(2, 1250), 2 * silk.FRAME
        for name, data, want in [
            ("plain", silk.MAGIC + note, [1, 2]), ("WeChat", b"\x02" + silk.MAGIC + note, [1, 2]), ("end mark", silk.MAGIC + note + b"\xff\xff" + packet(3), [1, 2]),
            ("cut off", silk.MAGIC + note + packet(3)[:4], [1, 2]), ("half a length", silk.MAGIC + note + b"\x03", [1, 2]), ("empty packet", silk.MAGIC + packet(1) + b"\0\0" + packet(2), [1, 2]),
            ("damaged first", silk.MAGIC + packet(0) + note, [0, 1, 2]), ("damaged between", silk.MAGIC + packet(1) + packet(0) + packet(0) + packet(2), [1, 0, 0, 2]), ("damaged last", silk.MAGIC + note + packet(0), [1, 2, 0]),
        ]:
            with self.subTest(name):
                self.assertEqual(self.heard(data)[44::frame], bytes(want))
        for data in (b"", b"\x02", silk.MAGIC, b"RIFF" + note, silk.MAGIC + struct.pack("<H", 1251) + bytes(1251)):
            self.assertEqual(self.heard(data), b"")


class Forms(unittest.TestCase):
    kind = f"multipart/form-data; boundary={BOUNDARY}"

    def test_fields_and_file(self):
        data = b"\r\n--x-boundar\r\n\x00\xff" * 3
        f = form.parse_form(multipart([("language", "zh"), ("prompt", "以下是"), ("g[]", "word"), ("g[]", "segment")], data), self.kind)
        self.assertEqual(bytes(f.file), data)
        self.assertEqual((f.get("language"), f.get("prompt"), f.all("g[]"), f.get("none", "x")), ("zh", "以下是", ["word", "segment"], "x"))

    def test_quoted_boundary(self):
        self.assertEqual(form.parse_form(multipart([("a", "1")]), f'multipart/form-data; charset=x; boundary="{BOUNDARY}"').get("a"), "1")

    def test_damage(self):
        whole = multipart([("a", "1")])
        for body, kind in [(whole, "application/json"), (whole, "multipart/form-data"), (b"", self.kind), (whole[: len(whole) // 2], self.kind),
                           (multipart([("a", str(i)) for i in range(100)]), self.kind), (multipart([("a", "x" * 100_000)]), self.kind)]:
            with self.assertRaises(form.BadForm):
                form.parse_form(body, kind)
        for cut in range(len(whole)):  # never anything but BadForm
            try:
                form.parse_form(whole[:cut], self.kind)
            except form.BadForm:
                pass

    def test_bodies(self):
        self.assertEqual(form.read_body(io.BytesIO(b"abcdef"), {"Content-Length": "3"}), b"abc")
        chunked = {"Transfer-Encoding": "chunked"}
        self.assertEqual(form.read_body(io.BytesIO(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"), chunked), b"abcde")
        for data in (b"", b"zz\r\n", b"5\r\nab", b"3\r\nabc\r\n", b"-1\r\n"):
            with self.assertRaises(form.BadForm):
                form.read_body(io.BytesIO(data), chunked)
        for length in ("", "-1", "x", "9999999999999"):
            with self.assertRaises(form.BadForm):
                form.read_body(io.BytesIO(b""), {"Content-Length": length})
        with self.assertRaises(form.TooLarge):
            form.read_body(io.BytesIO(b""), {"Content-Length": str(form.MAX_BODY + 1)})


class Answers(unittest.TestCase):
    transcript = answers.Transcript("zh", 4000.5, 0.98, [
        answers.Segment(0.0, 1.25, "你好。", -0.25, 0.01, 1.1, 0.0, [answers.Word("你好。", 0.0, 1.25, 0.9)]),
        answers.Segment(3599.9996, 3661.5, " Hello.", None, None, None, None, []),
    ])

    def test_forms(self):
        def text(shape):
            return answers.write(self.transcript, shape, True)[1].decode()

        self.assertEqual(json.loads(text("json")), {"text": "你好。 Hello."})
        self.assertEqual(text("text"), "你好。 Hello.\n")
        self.assertIn("2\n01:00:00,000 --> 01:01:01,500\nHello.\n", text("srt"))
        self.assertTrue(text("vtt").startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.250\n你好。\n"))
        got = json.loads(text("verbose_json"))
        self.assertEqual((got["language"], got["duration"], len(got["words"])), ("zh", 4000.5, 1))
        self.assertEqual(got["segments"][0]["avg_logprob"], -0.25)
        self.assertNotIn("avg_logprob", got["segments"][1])


class Sherpa(unittest.TestCase):
    def test_sentences(self):
        r = SimpleNamespace(text="好。我们用 hello 开始吧", tokens=["好", "。", "我们", "用", "▁hel", "lo", "开始", "吧"], timestamps=[0.0, 0.3, 1.0, 1.2, 1.5, 1.7, 2.0, 2.4])
        got = sherpa.segments(r, 10.0, 13.0, True, False)
        self.assertEqual([(s.start, s.end, s.text) for s in got], [(10.0, 11.0, "好。"), (11.0, 13.0, "我们用 hello开始吧")])
        self.assertEqual((got[1].words[-1].start, got[1].words[-1].end), (12.4, 13.0))

    def test_without_times(self):
        got = sherpa.segments(SimpleNamespace(text="你好", tokens=["你", "好"], timestamps=[]), 1.0, 2.0, False, True)
        self.assertEqual([(s.start, s.end, s.text) for s in got], [(1.0, 2.0, "你好")])
        self.assertEqual(sherpa.segments(SimpleNamespace(text=" ", tokens=[], timestamps=[]), 1.0, 2.0, False, True), [])

    def test_latin_words(self):
        self.assertEqual(sherpa.joined(["<|zh|>", "用", "mon@@", "day", "good", "吧"], True), "用monday good吧")


class Languages(unittest.TestCase):
    zh, en, either = {"zh": 0.97, "en": 0.03}, {"zh": 0.02, "en": 0.98}, {"zh": 0.4, "en": 0.6}

    def test_path(self):
        for heard, want in [([self.zh, self.zh], "zh zh"), ([self.zh, self.either, self.zh], "zh zh zh"), ([self.zh, self.en], "zh en"),
                            ([self.en, self.zh, self.en], "en zh en"), ([self.either], "en"), ([self.either, self.either, self.zh], "zh zh zh"), ([], "")]:
            got = languages.path(heard) if heard else []
            self.assertEqual(" ".join(got), want)

    def test_grouped(self):
        self.assertEqual(languages.grouped([(0, 50), (60, 65), (200, 290)], 20), [(0, 65), (200, 290)])
        self.assertEqual(languages.grouped([(0, 5), (10, 12), (300, 390)], 20), [(0, 390)])
        self.assertEqual(languages.grouped([(0, 5)], 20), [(0, 5)])
        self.assertEqual(languages.grouped([], 20), [])

    def test_runs(self):
        got = languages.runs([(10, 50), (60, 80), (100, 190)], ["zh", "zh", "en"], 200)
        self.assertEqual(got, [(0, 90, "zh"), (90, 200, "en")])


class Engine:
    languages = {"zh", "en"}
    asked: list = []

    def transcribe(self, samples, ask):
        self.asked.append(ask)
        if ask.prompt == "fail":
            raise RuntimeError("the words of the recording")
        return answers.Transcript(ask.language or "zh", 1.0, None, [answers.Segment(0.0, 1.0, "你好", -0.1)])


class Server(unittest.TestCase):
    def setUp(self):
        self.make, self.decode = server.make, sound.decode
        server.make, sound.decode = lambda model, threads: Engine(), lambda data: self.sound(bytes(data))
        Engine.asked = []
        ports = []
        settings = {"key": "secret", "models": {"base": {"kind": "whisper", "dir": "/x"}}, "default": "base", "threads": 1}
        self.server = server.serve(settings, ports.append)
        self.port = ports[0]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        server.make, sound.decode = self.make, self.decode

    def sound(self, data):
        if data == b"noise":
            raise sound.Unreadable("the sound cannot be decoded")
        if data == b"long":
            raise sound.TooLong("too long")
        return [0.0] * sound.RATE

    def post(self, fields, data: bytes | None = b"sound", key="secret", path="/v1/audio/transcriptions"):
        return self.ask("POST", path, multipart(fields, data), {"Content-Type": Forms.kind, "Authorization": "Bearer " + key})

    def ask(self, method, path, body=None, headers={}):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request(method, path, body, headers)
            r = c.getresponse()
            return r.status, r.read().decode(), dict(r.getheaders())
        finally:
            c.close()

    def test_transcribes(self):
        status, body, _ = self.post([("model", "base"), ("language", "ZH"), ("temperature", "0"), ("response_format", "verbose_json"),
                                     ("timestamp_granularities[]", "word"), ("hotwords", "归档"), ("vad_filter", "true")])
        self.assertEqual((status, json.loads(body)["text"]), (200, "你好"))
        ask = Engine.asked[0]
        self.assertEqual((ask.language, ask.temperature, ask.words, ask.hotwords, ask.vad), ("zh", 0.0, True, "归档", True))
        self.post([])
        self.assertIsNone(Engine.asked[1].temperature)

    def test_speech_activity(self):
        def heard(spans, probable, fields):
            sound.activity = lambda samples: (spans, probable)
            status, body, _ = self.post([("response_format", "verbose_json"), *fields])
            self.assertEqual(status, 200)
            return json.loads(body)

        before = sound.activity
        try:
            self.assertNotIn("speech", heard([(0.1, 0.9)], 0.9, []))
            got = heard([(0.1, 0.9)], 0.9, [("speech_activity", "true")])
            self.assertEqual((got["speech"], got["text"]), ([[0.1, 0.9]], "你好"))
            # A faint voice, if it is one, is heard; where there is none at all, nothing is.
            self.assertEqual(heard([], 0.3, [("speech_activity", "true")])["text"], "你好")
            asked = len(Engine.asked)
            got = heard([], 0.1, [("speech_activity", "true"), ("language", "zh")])
            self.assertEqual((got["speech"], got["text"], got["segments"], got["duration"], len(Engine.asked)), ([], "", [], 1.0, asked))
        finally:
            sound.activity = before

    def test_refuses(self):
        for want, fields, data, key in [
            (401, [], b"sound", "wrong"), (404, [("model", "large")], b"sound", "secret"), (400, [], None, "secret"), (400, [("response_format", "xml")], b"sound", "secret"),
            (400, [("temperature", "2")], b"sound", "secret"), (400, [("temperature", "nan")], b"sound", "secret"), (400, [("language", "xx")], b"sound", "secret"),
            (400, [], b"noise", "secret"), (413, [], b"long", "secret"),
        ]:
            status, body, _ = self.post(fields, data, key)
            self.assertEqual(status, want, body)
            self.assertIn("message", json.loads(body)["error"])
        self.assertEqual(self.ask("GET", "/v1/models")[0], 401)
        self.assertEqual(self.post([], path="/v1/other")[0], 404)

    def test_fault_tells_no_text(self):
        with self.assertLogs("guidang") as logs:
            status, body, _ = self.post([("prompt", "fail")])
        self.assertEqual(status, 500)
        self.assertNotIn("recording", body + "".join(logs.output))
        self.assertEqual(self.post([])[0], 200)

    def test_models_and_health(self):
        status, body, _ = self.ask("GET", "/v1/models", headers={"Authorization": "Bearer secret"})
        self.assertEqual((status, [m["id"] for m in json.loads(body)["data"]]), (200, ["base"]))
        self.assertEqual(json.loads(self.ask("GET", "/health")[1])["status"], "ok")

    def test_one_at_a_time(self):
        models = server.Models({}, "", 1)
        models.waiting = server.MAX_WAITING
        self.assertEqual(models.idle, 0)
        with self.assertRaises(server.Refused) as got:
            models.__enter__()
        self.assertEqual(got.exception.status, 503)


class Process(unittest.TestCase):
    def test_ends_with_its_parent(self):
        p = subprocess.Popen([sys.executable, "-I", "-B", str(Path(__file__).parent / "guidang_engine")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        p.stdin.write(json.dumps({"key": "k", "models": {}, "default": "", "threads": 1}).encode() + b"\n")
        p.stdin.flush()
        self.assertGreater(json.loads(p.stdout.readline())["port"], 0)
        p.stdin.close()
        self.assertEqual(p.wait(20), 0)
        p.stdout.close()

    @unittest.skipUnless(sys.platform == "linux", "Landlock is Linux's")
    def test_confined(self):
        code = """
import os, subprocess, sys
sys.path.insert(0, sys.argv[1])
from guidang_engine.confine import confine
measures = confine([], sys.argv[2])
open(os.path.join(sys.argv[2], "inside"), "w").close()
said = []
for what in (lambda: open(os.path.join(sys.argv[3], "outside"), "w"), lambda: open(sys.argv[4]), lambda: subprocess.run(["/bin/true"])):
    try:
        what(); said.append("done")
    except PermissionError:
        said.append("denied")
print(measures, said)
"""
        import tempfile

        with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as other:
            secret = Path(other) / "secret"
            secret.write_text("x")
            out = subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent), scratch, other, str(secret)], capture_output=True, text=True, check=True).stdout
        if "landlock" not in out:
            self.skipTest("this kernel has no Landlock")
        self.assertIn("['denied', 'denied', 'denied']", out)


try:
    import numpy
except ImportError:
    numpy = None


@unittest.skipUnless(numpy, "numpy is not here")
class Sound(unittest.TestCase):
    def wav(self, rate=16000, claim=None, frames=b"\x00\x40" * 1600):
        size = len(frames) if claim is None else claim
        return b"RIFF" + struct.pack("<I", 36 + min(size, 2**32 - 37)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16) + b"data" + struct.pack("<I", size) + frames

    def test_plain_wav(self):
        got = sound.decode(self.wav())
        self.assertEqual((len(got), float(got[0])), (1600, 0.5))
        self.assertEqual(len(sound._plain_wav(self.wav(frames=b""))), 0)

    def test_too_long(self):
        with self.assertRaises(sound.TooLong):
            sound.decode(self.wav(frames=bytes(2 * (sound.MAX_SECONDS * sound.RATE + 1))))

    def test_other_rates_go_elsewhere(self):
        self.assertIsNone(sound._plain_wav(self.wav(rate=8000)))
        self.assertIsNone(sound._plain_wav(b"no sound"))

    def test_claims_cost_nothing(self):
        self.assertEqual(len(sound.decode(self.wav(claim=2**32 - 2))), 1600)


class Stretches(unittest.TestCase):
    def test_stretches(self):
        def found(text: str):
            return sound.stretches([int(c) / 10 for c in text], 0.1, len(text) / 10 - 0.05)

        for probable, want in [("", []), ("0000", []), ("4444", []), ("0680", [(0.1, 0.3)]), ("0677", [(0.1, 0.35)]), ("0640400060", [(0.1, 0.5), (0.8, 0.9)]),
                               ("600600", [(0.0, 0.4)]), ("60006", [(0.0, 0.1), (0.4, 0.45)])]:
            with self.subTest(probable):
                self.assertEqual(found(probable), want)


@unittest.skipUnless(numpy, "numpy is not here")
class Weights(unittest.TestCase):
    """Checkpoints are written by hand here: PyTorch is not wanted for tests either."""

    def checkpoint(self, pickled: bytes, numbers: bytes = struct.pack("<6f", *range(6))) -> io.BytesIO:
        import zipfile

        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            z.writestr("archive/data.pkl", pickled)
            z.writestr("archive/data/0", numbers)
        return out

    def state(self, storage=b"FloatStorage", count=b"K\x06", shape=b"K\x02K\x03\x86", stride=b"K\x03K\x01\x86", offset=b"K\x00", rebuild=b"ctorch._utils\n_rebuild_tensor_v2\n"):
        persistent = b"(X\x07\x00\x00\x00storagectorch\n" + storage + b"\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu" + count + b"tQ"
        return b"\x80\x02}X\x01\x00\x00\x00w" + rebuild + b"(" + persistent + offset + shape + stride + b"\x89ccollections\nOrderedDict\n)RtRs."

    def test_reads(self):
        from guidang_engine import weights

        got = weights.read(self.checkpoint(self.state()))
        self.assertEqual(got["w"].tolist(), [[0, 1, 2], [3, 4, 5]])

    def test_refuses(self):
        from guidang_engine import weights

        for data in (
            self.state(rebuild=b"cos\nsystem\n"), self.state(storage=b"HalfStorage"), self.state(count=b"K\x07"), self.state(shape=b"K\x09K\x03\x86"),
            self.state(stride=b"K\x01K\x02\x86"), self.state(offset=b"K\x05"), b"cbuiltins\neval\n(X\x01\x00\x00\x001tR.", b"\x80\x02]."):
            with self.assertRaises(weights.Refused):
                weights.read(self.checkpoint(data))


try:
    import onnxruntime
except ImportError:
    onnxruntime = None


@unittest.skipUnless(numpy and onnxruntime, "onnxruntime is not here")
class Models(unittest.TestCase):
    def test_graph(self):
        from guidang_engine.onnxfile import Graph

        g = Graph()
        x = g.node("Conv", "in", g.constant("w", numpy.ones((1, 1, 3), numpy.float32)), pads=[1, 1])
        x = g.node("Concat", x, "in", axis=1)
        model = g.model(("in", ["n", 1, 4]), (x, ["n", 2, 4]))
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        got = session.run(None, {"in": numpy.arange(8, dtype=numpy.float32).reshape(2, 1, 4)})[0]
        self.assertEqual(got[0].tolist(), [[1, 3, 6, 5], [0, 1, 2, 3]])


@unittest.skipUnless(numpy, "numpy is not here")
class Windows(unittest.TestCase):
    def test_cuts(self):
        from guidang_engine.voices import HOP, LEAST, WINDOW, _cuts

        self.assertEqual(_cuts(0, LEAST - 1), [])
        self.assertEqual(_cuts(5, 5 + LEAST), [(5, 5 + LEAST)])
        self.assertEqual(_cuts(0, WINDOW + HOP + 7), [(0, WINDOW), (HOP, HOP + WINDOW), (HOP + 7, WINDOW + HOP + 7)])

    def test_filterbank(self):
        from guidang_engine.voices import WINDOW, filterbank

        t = numpy.arange(WINDOW) / sound.RATE
        got = filterbank(numpy.sin(2 * numpy.pi * 1000 * t)[None].astype(numpy.float32))
        self.assertEqual(got.shape, (1, 80, 148))
        self.assertLess(abs(float(got.mean(axis=2).max())), 1e-4)


if __name__ == "__main__":
    unittest.main()
