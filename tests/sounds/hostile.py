"""Files somebody might send in place of a recording, from careless to malicious."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import av
from PIL import Image

from .making import encoded

noise = random.Random(5)
MEGABYTE = 1024 * 1024


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\0" * 50 * MEGABYTE)
    return target.getvalue()


def png_bomb() -> bytes:
    """A few hundred bytes that claim 30,000 × 30,000 points."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    parts = b"".join(chunk(name, data) for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * MEGABYTE))))
    return b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture(kind: str, **more) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(target, kind, **more)
    return target.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return picture("JPEG", exif=exif.tobytes())


def mp4_box(name: bytes, data: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(data) + 8 if size is None else size) + name + data


def mp4_bomb() -> bytes:
    """A table that claims four thousand million entries."""
    table = mp4_box(b"stts", struct.pack(">II", 0, 0xFFFFFFFF) + b"\0" * 64)
    inside = mp4_box(b"stbl", table)
    for name in (b"minf", b"mdia", b"trak"):
        inside = mp4_box(name, inside)
    return mp4_box(b"ftyp", b"M4A \0\0\0\0") + mp4_box(b"moov", inside)


def mp4_that_names_a_file() -> bytes:
    """A track whose data lies in /etc/passwd."""
    alias = mp4_box(b"alis", b"\0\0\0\0" + b"\0" * 60 + b"/etc/passwd" + b"\0" * 80)
    dref = mp4_box(b"dref", struct.pack(">II", 0, 1) + alias)
    inside = mp4_box(b"dinf", dref)
    for name in (b"minf", b"mdia", b"trak"):
        inside = mp4_box(name, inside)
    return mp4_box(b"ftyp", b"qt  \0\0\0\0") + mp4_box(b"moov", inside)


def mp3_with_picture() -> bytes:
    """A tag with a picture and a tag that claims 200 MB, and no sound behind it."""
    body = b"APIC" + struct.pack(">I", 0x0C000000) + b"\0\0" + b"\0image/png\0\x03\0" + png_bomb()
    return b"ID3\x03\0\0" + bytes((0x7F, 0x7F, 0x7F, 0x7F)) + body


def wav(seconds_claimed: int, data: bytes, rate: int = 48_000) -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    size = seconds_claimed * rate * 2
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size & 0xFFFFFFFF)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", size & 0xFFFFFFFF)
        + data
    )


def film() -> bytes:
    """Sound beside moving pictures. Their decoder is not to be started, not even to look."""
    target, given = io.BytesIO(), av.open(io.BytesIO(encoded(6, "mp4", "aac")))
    with given, av.open(target, "w", format="mp4") as out:
        pictures, sound = out.add_stream("mjpeg", rate=1), out.add_stream_from_template(given.streams.audio[0])
        pictures.width, pictures.height, pictures.pix_fmt = 64, 64, "yuvj420p"
        for second in range(6):
            frame = av.VideoFrame(64, 64, "yuvj420p")
            frame.pts = second
            out.mux(pictures.encode(frame))
        for packet in given.demux(given.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = sound
                out.mux(packet)
    return target.getvalue()


def covered(picture: bytes) -> bytes:
    """An MP3 with sound, and with this as its cover."""
    body = b"\0image/png\0\x03\0" + picture
    frame = b"APIC" + struct.pack(">I", len(body)) + b"\0\0" + body
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frame + encoded(6, "mp3", "libmp3lame")


def flipped(data: bytes, share: float) -> bytes:
    found = bytearray(data)
    for _each in range(int(len(found) * share)):
        found[noise.randrange(64, len(found))] = noise.randrange(256)
    return bytes(found)


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\nhttp://127.0.0.1:9/x.ts\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = "<!doctype html><script>fetch('/account/')</script>"

REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing at all": lambda: b"",
    "one byte": lambda: b"\x1a",
    "an SVG with a script": lambda: SVG.encode(),
    "an HTML page": lambda: HTML.encode(),
    "HTML behind a WebM signature": lambda: b"\x1a\x45\xdf\xa3" + HTML.encode() * 50,
    "HTML behind an Ogg signature": lambda: b"OggS" + HTML.encode() * 50,
    "HTML behind an ID3 tag": lambda: b"ID3\x04\0\0\0\0\0\x10" + HTML.encode() * 50,
    "HTML behind an MP4 signature": lambda: mp4_box(b"ftyp", b"isom") + HTML.encode() * 50,
    "an HLS playlist": lambda: PLAYLIST.encode(),
    "an HLS playlist with a byte order mark": lambda: ("\ufeff" + PLAYLIST).encode(),
    "a PLS playlist": lambda: b"[playlist]\nFile1=file:///etc/passwd\nNumberOfEntries=1\n",
    "an ffconcat list": lambda: b"ffconcat version 1.0\nfile /etc/passwd\n",
    "an SDP description": lambda: b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 9 RTP/AVP 0\n",
    "a DASH manifest": lambda: (
        b'<?xml version="1.0"?><MPD><Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>'
    ),
    "a subtitle file": lambda: b"1\n00:00:00,000 --> 00:00:09,000\nHello\n",
    "a zip bomb": zip_bomb,
    "a gzip bomb": lambda: zlib.compress(b"\0" * 20 * MEGABYTE, 9, 31),
    "a PNG bomb": png_bomb,
    "a JPEG with a place in it": photo_with_place,
    "a GIF": lambda: picture("GIF"),
    "a WebP, which is RIFF too": lambda: picture("WEBP"),
    "an AVI, which is RIFF too": lambda: b"RIFF\0\0\0\0AVI LIST" + b"\0" * 4000,
    "a PDF": lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>",
    "an ELF program": lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 4000,
    "a shell script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "zeros": lambda: b"\0" * 300_000,
    "noise": lambda: random.Random(1).randbytes(300_000),
    "noise behind a WebM signature": lambda: b"\x1a\x45\xdf\xa3" + random.Random(2).randbytes(300_000),
    "noise behind an Ogg signature": lambda: b"OggS" + random.Random(3).randbytes(300_000),
    "noise behind an MP3 frame": lambda: b"\xff\xfb\x90\x00" + random.Random(4).randbytes(300_000),
    "noise behind an MP4 signature": lambda: mp4_box(b"ftyp", b"M4A ") + random.Random(5).randbytes(300_000),
    "an MP4 table that claims 4,000,000,000 entries": mp4_bomb,
    "an MP4 that names another file": mp4_that_names_a_file,
    "an MP4 box that claims 4 GB": lambda: mp4_box(b"ftyp", b"M4A ") + mp4_box(b"mdat", b"\0" * 500, 0xFFFFFFFF),
    "an MP3 tag that claims 256 MB, with a picture": mp3_with_picture,
    "a WebM cut off in its head": lambda: encoded(6)[:60],
    "a WebM cut off after a second": lambda: encoded(6)[: len(encoded(6)) // 6],
    "an MP4 without its index": lambda: encoded(6, "mp4", "aac")[: len(encoded(6, "mp4", "aac")) // 2],
    "a WAV that claims an hour and has none of it": lambda: wav(3600, b""),
    "a WAV with an impossible rate": lambda: wav(6, b"\0" * 1000, rate=0xFFFFFF),
    "a recording of two seconds": lambda: encoded(2),
    "a recording of 63 seconds": lambda: encoded(63, "ogg", "libopus"),
    "a recording of 75 seconds that does not say so": lambda: encoded(75, live=True),
    "a recording in which nothing can be heard": lambda: encoded(6, loud=0.0),
    "a WAV of an hour in ten megabytes": lambda: wav(3600, b"\0\x10" * (5 * MEGABYTE), rate=1500),
}
# Harmed, and still played: what comes out is our own encoding of what could be heard.
INERT: dict[str, Callable[[], bytes]] = {
    "a WebM with a page behind it": lambda: encoded(6) + HTML.encode(),
    "an MP3 with a page behind it": lambda: encoded(6, "mp3", "libmp3lame") + HTML.encode() * 20,
    "an MP3 with a PNG bomb as its cover": lambda: covered(png_bomb()),
    "an MP4 with moving pictures": film,
    "a WAV with a zip behind it": lambda: encoded(6, "wav", "pcm_s16le") + zip_bomb(),
    "an MP3 with a script in its title": lambda: (
        b"ID3\x03\0\0\0\0\0\x1f"
        + b"TIT2\0\0\0\x15\0\0\0<script>x</script>"
        + b"\0" * 4
        + encoded(6, "mp3", "libmp3lame")
    ),
}
NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\system32\\x.webm": "x.webm",
    "/absolute/voice.webm": "voice.webm",
    "voice\x00.html": "voice .html",
    "\u202egnp.voice.webm": "gnp.voice.webm",
    "a" * 4096 + ".webm": "a" * 120,
    "<script>alert(1)</script>.webm": "script>.webm",
    "Đặng – naïve ñ.webm": "Đặng – naïve ñ.webm",
    "\r\nSet-Cookie: x=1": "Set-Cookie: x=1",
    "": "",
    "....": "....",
}  # fmt: skip
