/* Recording sixty seconds: record, stop, listen, keep or record again. A take lies in this browser until the server has
   all of it, so neither a reload nor a lost connection costs it; an upload goes on from the byte the server names.

   On the section: data-begin (where a recording is announced; its parts go below it), data-field, data-person,
   data-piece, data-kept (seconds of the take the answer names), and the sentences it says. What is kept stands in the
   hidden field of the answer's form. */

import { post } from "./http.js";
import { Microphone } from "./microphone.js";
import { Takes } from "./takes.js";
import { Upload, addressOf } from "./uploads.js";

const LONGEST = 60; // seconds
const WARN = 45;
const BIGGEST = 10 * 1024 * 1024;
const SAVED_EVERY = 5; // seconds of a take that is still being recorded

export default function recorder(section) {
  new Recorder(section).start();
}

class Recorder {
  constructor(section) {
    this.section = section;
    this.field = section.querySelector(`input[name="${section.dataset.field}"]`);
    this.takes = new Takes(`${section.dataset.person}:${section.dataset.piece}:${section.dataset.field}`);
    this.take = null; // {blob, type, name, seconds, key, keep}
    this.microphone = null;
    this.isAsking = false; // for the microphone
    this.upload = null;
    this.player = new Audio();
    for (const event of ["play", "pause"]) this.player.addEventListener(event, () => this.heard());
  }

  find(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  async start() {
    const press = (name, act) => this.find(name).addEventListener("click", act);
    press("record", () => (this.microphone ? this.microphone.stop() : this.record()));
    press("listen", () => this.listen());
    press("keep", () => this.keep());
    press("drop", () => this.drop());
    press("out", () => this.takeOut());
    this.find("file").addEventListener("change", (event) => this.choose(event.target.files[0]));
    document.addEventListener("visibilitychange", () => document.hidden && this.saveUnfinished());
    window.addEventListener("beforeunload", (event) => this.microphone && event.preventDefault());
    this.find("live").hidden = false;
    for (const element of this.section.querySelectorAll("[data-without-script]")) element.hidden = true;
    this.take = await this.takes.load();
    if (this.take?.keep) return this.send();
    if (this.take) this.say("left", Math.round(this.take.seconds));
    else if (this.field.value && this.section.dataset.kept) this.kept(Number(this.section.dataset.kept));
    this.shown();
  }

  // --- Saying ---

  say(name, n = 0) {
    this.find("status").textContent = this.words(name).replace("{n}", n);
  }

  words(name) {
    return this.section.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`];
  }

  trouble(words = "") {
    this.find("problem").hidden = !words;
    this.find("problem-words").textContent = words;
  }

  /** The buttons for where it stands. */
  shown() {
    const isHere = Boolean(this.take) && !this.microphone;
    this.find("listen").hidden = !isHere;
    this.find("keep").hidden = this.find("drop").hidden = !isHere || Boolean(this.upload);
    this.find("progress").hidden = !this.upload;
    this.find("out").hidden = !this.field.value || isHere || Boolean(this.microphone);
    const word = this.microphone ? "stop" : this.take || this.field.value ? "again" : "record";
    this.find("record-words").textContent = this.words(word);
    // The take on the server is heard with the key of the one in hand.
    const play = this.find("take").querySelector("[data-play]");
    if (play) play.dataset.key = " ";
  }

  ring(seconds, state) {
    this.find("seconds").textContent = state === "kept" ? Math.round(seconds) : Math.floor(seconds);
    this.find("arc").setAttribute("stroke-dasharray", `${Math.min(seconds, LONGEST)} 60`);
    this.find("ring").dataset.state = state;
  }

  kept(seconds) {
    this.ring(seconds, "kept");
    this.say("kept", Math.round(seconds));
  }

  // --- Recording ---

  async record() {
    if (this.isAsking) return;
    this.trouble();
    this.player.pause();
    for (const audio of document.querySelectorAll("audio")) audio.pause();
    const microphone = new Microphone({ tick: (seconds) => this.tick(seconds), stopped: (why) => this.stopped(why) });
    this.isAsking = true;
    try {
      await microphone.start();
    } catch (error) {
      return this.trouble(this.words(error.name === "NotAllowedError" ? "denied" : "none"));
    } finally {
      this.isAsking = false;
    }
    this.upload?.stop(); // what is recorded now takes the place of what was on its way
    this.microphone = microphone;
    this.take = fresh({ name: "" });
    this.saved = 0;
    this.say("recording");
    this.shown();
    this.find("ring").scrollIntoView({ block: "center" });
  }

  tick(seconds) {
    this.ring(seconds, seconds >= WARN ? "late" : "recording");
    if (seconds - this.saved >= SAVED_EVERY) this.saveUnfinished();
  }

  /** So that a page that is closed or dies in the middle costs seconds and not the take. */
  saveUnfinished() {
    if (!this.microphone?.parts.length) return;
    const { blob, type, seconds } = this.microphone;
    this.saved = seconds;
    this.takes.save({ ...this.take, blob, type, seconds });
  }

  async stopped(why) {
    const { blob, type, seconds } = this.microphone;
    this.microphone = null;
    this.ring(seconds, "stopped");
    if (!blob.size) return this.drop("lost");
    Object.assign(this.take, { blob, type, seconds });
    await this.takes.save(this.take);
    this.say(why, Math.round(seconds));
    this.shown();
    this.find("keep").focus();
  }

  async choose(file) {
    if (!file) return;
    if (file.size > BIGGEST) return this.trouble(this.words("big"));
    this.trouble();
    this.upload?.stop();
    this.take = fresh({ blob: file, type: file.type, name: file.name, seconds: 0 });
    await this.keep();
  }

  listen() {
    if (!this.take) return;
    if (!this.player.paused) return this.player.pause();
    if (this.playing !== this.take.blob) {
      URL.revokeObjectURL(this.player.src);
      this.player.src = URL.createObjectURL(this.take.blob);
      this.playing = this.take.blob;
    }
    this.player.play();
  }

  heard() {
    this.find("listen").setAttribute("aria-pressed", !this.player.paused);
  }

  async drop(why = "ready") {
    this.player.pause();
    this.take = null;
    await this.takes.clear();
    this.ring(0, "ready");
    this.trouble();
    if (this.field.value && this.section.dataset.kept) this.kept(Number(this.section.dataset.kept));
    else this.say(why);
    this.shown();
  }

  // --- Uploading ---

  async keep() {
    this.take.keep = true;
    this.trouble();
    await this.takes.save(this.take);
    await this.send();
  }

  async send() {
    const take = this.take;
    const upload = new Upload(this.section.dataset.begin, this.section.dataset.field, take, {
      progress: (share) => this.progress(share),
      looking: () => this.say("looking"),
      waiting: () => this.say("waiting"),
      signedOut: () => this.say("signedOut"),
    });
    this.upload = upload;
    this.progress(0);
    this.shown();
    const told = await upload.run();
    if (this.upload === upload) this.upload = null;
    if (!upload.stopped) await this.done(take, told);
    this.shown();
  }

  progress(share) {
    this.find("progress").value = share * 100;
    this.say("sending", Math.round(share * 100));
  }

  async done(take, told) {
    if (told?.state === "ready") return this.arrived(told);
    take.keep = false;
    if (told?.state) take.key = crypto.randomUUID(); // refused for good: sent again it is another one
    await this.takes.save(take);
    if (!told) return this.say("signedOut");
    this.trouble(told.refusal || told.detail || this.words("failed"));
    this.say("stopped");
  }

  async arrived(told) {
    this.take = null;
    this.player.pause();
    await this.takes.clear();
    this.section.dataset.kept = told.seconds;
    this.kept(told.seconds);
    this.name(told.id);
    await this.show(told.id);
  }

  /** The answer names this recording from now on, or none. */
  name(id) {
    this.field.value = id;
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** The player of what was kept, as the server draws it. */
  async show(id) {
    const { begin, q } = this.section.dataset;
    const address = `${begin.slice(0, begin.lastIndexOf("recordings/"))}player/${id}/${q}`;
    const response = await fetch(address).catch(() => null);
    const take = this.find("take");
    take.hidden = !response?.ok;
    if (!response?.ok) return;
    take.innerHTML = await response.text();
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: take } }));
  }

  /** Without this recording. One that was handed in before stays where it was handed in. */
  takeOut() {
    const take = this.find("take");
    const { recording } = take.querySelector("[data-recording]")?.dataset ?? {};
    delete this.section.dataset.kept;
    this.name("");
    take.replaceChildren();
    take.hidden = true;
    this.drop();
    if (recording) post(addressOf(this.section.dataset.begin, recording, "remove/"), "").catch(() => null);
  }
}

function fresh(take) {
  return { ...take, key: crypto.randomUUID(), keep: false };
}
