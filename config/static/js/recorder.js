/* Recording sixty seconds: record, stop, listen, keep or record again. A take lies in this browser until the server has
   all of it, so neither a reload nor a lost connection costs it; an upload goes on from the byte the server names.

   On the section: data-begin (where a recording is announced; its parts go below it), data-field, data-person,
   data-piece, and the sentences it says. What is kept stands in the hidden field of the answer's form. */

import { isSignedOut, post } from "./http.js";
import { Takes } from "./takes.js";

const LONGEST = 60; // seconds
const WARN = 45;
const BIGGEST = 10 * 1024 * 1024;
const RETRY = [1000, 3000, 8000, 20000];
// Chromium and Firefox record WebM or Ogg, Safari MP4; the first that this browser offers is taken.
const TYPES = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus", ""];

export default function recorder(section) {
  new Recorder(section).start();
}

class Recorder {
  constructor(section) {
    this.section = section;
    this.field = section.querySelector(`input[name="${section.dataset.field}"]`);
    this.takes = new Takes(`${section.dataset.person}:${section.dataset.piece}:${section.dataset.field}`);
    this.take = null; // {blob, type, name, seconds, key, keep}
    this.media = null;
    this.sending = false;
    this.player = new Audio();
  }

  find(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  async start() {
    this.find("live").hidden = false;
    for (const element of this.section.querySelectorAll("[data-without-script]")) element.hidden = true;
    this.find("record").addEventListener("click", () => (this.media ? this.stop() : this.record()));
    this.find("listen").addEventListener("click", () => this.listen());
    this.find("keep").addEventListener("click", () => this.keep());
    this.find("drop").addEventListener("click", () => this.drop());
    this.find("file").addEventListener("change", (event) => this.choose(event.target.files[0]));
    window.addEventListener("online", () => this.take?.keep && this.send());
    window.addEventListener("beforeunload", (event) => this.media && event.preventDefault());
    this.take = await this.takes.load();
    if (this.take?.keep) this.send();
    else if (this.take) this.shown(this.say("left", Math.round(this.take.seconds)));
  }

  // --- Saying ---

  say(name, n = 0) {
    const words = this.section.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`].replace("{n}", n);
    this.find("status").textContent = words;
    return words;
  }

  trouble(words = "") {
    this.find("problem").hidden = !words;
    this.find("problem-words").textContent = words;
  }

  shown() {
    const has = Boolean(this.take) && !this.media;
    this.find("listen").hidden = !has || !this.take.blob.size;
    this.find("keep").hidden = !has || this.sending;
    this.find("drop").hidden = !has || this.sending;
    const words = this.media ? "sayStop" : this.take || this.field.value ? "sayAgain" : "sayRecord";
    this.find("record-words").textContent = this.section.dataset[words];
  }

  ring(seconds, state) {
    this.find("seconds").textContent = Math.floor(seconds);
    this.find("arc").setAttribute("stroke-dasharray", `${Math.min(seconds, LONGEST)} 60`);
    this.find("ring").dataset.state = state;
  }

  // --- Recording ---

  async record() {
    this.trouble();
    this.player.pause();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true } });
    } catch (error) {
      const name = error.name === "NotAllowedError" ? "sayDenied" : "sayNone";
      return this.trouble(this.section.dataset[name]);
    }
    const type = TYPES.find((one) => !one || MediaRecorder.isTypeSupported(one));
    const options = { audioBitsPerSecond: 48000, ...(type && { mimeType: type }) };
    this.parts = [];
    this.media = new MediaRecorder(stream, options);
    this.media.addEventListener("dataavailable", (event) => event.data.size && this.parts.push(event.data));
    this.media.addEventListener("stop", () => this.stopped(stream));
    this.media.addEventListener("error", () => this.stop("lost"));
    // A screen lock or another program may take the microphone away: what there is by then is kept, and said.
    stream.getTracks()[0].addEventListener("ended", () => this.stop("lost"));
    this.why = "stopped";
    this.media.start(1000);
    this.began = performance.now();
    this.timer = setInterval(() => this.tick(), 100);
    this.say("recording");
    this.shown();
  }

  get seconds() {
    return (performance.now() - this.began) / 1000;
  }

  tick() {
    const seconds = this.seconds;
    this.ring(seconds, seconds >= WARN ? "late" : "recording");
    if (seconds >= LONGEST) this.stop("full");
  }

  stop(why) {
    if (!this.media || this.media.state === "inactive") return;
    this.length = Math.min(this.seconds, LONGEST);
    this.why = why ?? this.why;
    clearInterval(this.timer);
    this.media.stop();
  }

  async stopped(stream) {
    for (const track of stream.getTracks()) track.stop();
    const type = this.media.mimeType.split(";")[0];
    this.media = null;
    const blob = new Blob(this.parts, { type });
    await this.have({ blob, type, name: "", seconds: this.length });
    this.say(this.why, Math.round(this.length));
    this.shown();
    this.find("keep").focus();
  }

  async have(take) {
    this.take = { ...take, key: crypto.randomUUID(), keep: false };
    this.ring(take.seconds || 0, "stopped");
    await this.takes.save(this.take);
  }

  choose(file) {
    if (!file) return;
    if (file.size > BIGGEST) return this.trouble(this.section.dataset.sayBig);
    this.trouble();
    this.have({ blob: file, type: file.type, name: file.name, seconds: 0 }).then(() => this.keep());
  }

  listen() {
    if (!this.player.paused) return this.player.pause();
    if (this.playing !== this.take.key) {
      URL.revokeObjectURL(this.player.src);
      this.player.src = URL.createObjectURL(this.take.blob);
      this.playing = this.take.key;
    }
    this.player.play();
  }

  async drop() {
    this.player.pause();
    this.take = null;
    await this.takes.clear();
    this.ring(0, "ready");
    this.say("ready");
    this.trouble();
    this.shown();
  }

  // --- Uploading ---

  async keep() {
    this.take.keep = true;
    await this.takes.save(this.take);
    this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    this.shown();
    try {
      await this.upload(this.take);
    } finally {
      this.sending = false;
      this.find("progress").hidden = true;
      this.shown();
    }
  }

  async upload(take) {
    const { begin, field } = this.section.dataset;
    const { size } = take.blob;
    const announced = { size, client_key: take.key, field, media_type: take.type, name: take.name };
    let told = await this.ask(begin, new URLSearchParams(announced));
    while (told?.state === "receiving" && this.take === take) {
      this.progress(told.received / size);
      const part = take.blob.slice(told.received, told.received + told.part);
      if (told.received + part.size >= size) this.say("looking");
      const address = begin.replace(/recordings\/(\?|$)/, `recordings/${told.key}/$1`);
      const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": told.received };
      const answer = await this.ask(address, part, headers);
      told = answer?.code === "recording.offset" ? { ...told, received: answer.received } : answer;
    }
    if (told) await this.done(told);
  }

  progress(share) {
    this.find("progress").hidden = false;
    this.find("progress").value = share * 100;
    this.say("sending", Math.round(share * 100));
  }

  /** Ask until somebody answers. Undefined where the answer is "no": that is shown. */
  async ask(url, body, headers = {}) {
    for (let tries = 0; ; tries += 1) {
      const response = await post(url, body, { headers }).catch(() => null);
      if (response && isSignedOut(response)) return void this.trouble(this.section.dataset.saySignedOut);
      if (response && response.status < 500 && response.status !== 429) {
        const told = await response.json().catch(() => ({}));
        if (response.ok || told.code === "recording.offset") return told;
        return void this.refused(told.detail);
      }
      this.say("waiting");
      await new Promise((resolve) => setTimeout(resolve, RETRY[Math.min(tries, RETRY.length - 1)]));
    }
  }

  refused(words) {
    this.take.keep = false;
    this.takes.save(this.take);
    this.trouble(words);
    this.say("stopped");
  }

  async done(told) {
    if (told.state !== "ready") return this.refused(told.refusal);
    this.take = null;
    await this.takes.clear();
    this.field.value = told.id;
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.ring(told.seconds, "kept");
    this.say("kept", Math.round(told.seconds));
    await this.show();
  }

  /** The player of what was kept, as the server draws it. Waits until the draft names it. */
  async show() {
    const take = this.find("take");
    const response = await fetch(`${location.pathname}player/${this.field.value}/${this.section.dataset.q}`).catch(() => null);
    if (!response?.ok) return;
    take.innerHTML = await response.text();
    take.hidden = false;
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: take } }));
  }
}
