/* A microphone that records until it is stopped, is taken away or has been on for a minute. What was said by then is
   always kept. */

const LONGEST = 60; // seconds
const TICK = 100; // milliseconds
const SLICE = 1000;
const MUTED = 2000; // this long without a sound from the device, and it was taken away
// Chromium and Firefox record WebM or Ogg, Safari MP4; the first that this browser offers is taken.
const TYPES = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus", ""];
const WISHES = { audio: { channelCount: 1, echoCancellation: true } };

export class Microphone {
  /** `hears.tick(seconds)` ten times a second, `hears.stopped(why)` once: "stopped", "full" or "lost". */
  constructor(hears) {
    this.hears = hears;
    this.parts = [];
    this.ends = 0;
    this.why = "";
  }

  /** Asks for the device. Rejects where there is none, or it is not to be had. */
  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia(WISHES);
    const [track] = this.stream.getTracks();
    const type = TYPES.find((one) => !one || MediaRecorder.isTypeSupported(one));
    this.recorder = new MediaRecorder(this.stream, { audioBitsPerSecond: 48000, ...(type && { mimeType: type }) });
    this.recorder.addEventListener("dataavailable", (event) => event.data.size && this.parts.push(event.data));
    this.recorder.addEventListener("stop", () => this.ended());
    this.recorder.addEventListener("error", () => this.stop("lost"));
    // A screen lock, a call or a withdrawn permission takes the device away.
    track.addEventListener("ended", () => this.stop("lost"));
    track.addEventListener("mute", () => setTimeout(() => track.muted && this.stop("lost"), MUTED));
    this.recorder.start(SLICE);
    this.began = performance.now();
    this.timer = setInterval(() => this.tick(), TICK);
    this.awake = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  get seconds() {
    return Math.min((this.ends || performance.now()) - this.began, LONGEST * 1000) / 1000;
  }

  get type() {
    return this.recorder.mimeType.split(";")[0];
  }

  /** What was said so far. */
  get blob() {
    return new Blob(this.parts, { type: this.type });
  }

  tick() {
    this.hears.tick(this.seconds);
    if (this.seconds >= LONGEST) this.stop("full");
  }

  stop(why = "stopped") {
    this.why ||= why;
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  ended() {
    this.ends = performance.now();
    clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
    this.awake?.release().catch(() => null);
    this.hears.stopped(this.why || "lost");
  }
}
