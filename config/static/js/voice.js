/* Saying an answer: one button records and stops, what was said goes to the server at once and stays the coach's draft
   until the feedback is sent. Until the server has it, it lies in this browser. On the section: data-url, data-take (the
   name it is kept by) and the sentences it says. */

import { post } from "./http.js";
import { Microphone } from "./microphone.js";
import { Takes } from "./takes.js";

export default function voice(section) {
  new Voice(section).start();
}

class Voice {
  constructor(section) {
    this.section = section;
    this.takes = new Takes(section.dataset.take);
    this.microphone = null;
    this.isAsking = false;
  }

  find(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  async start() {
    this.find("record").hidden = false;
    this.find("record").addEventListener("click", () => (this.microphone ? this.microphone.stop() : this.record()));
    this.find("again").addEventListener("click", () => this.send());
    window.addEventListener("beforeunload", (event) => this.microphone && event.preventDefault());
    this.take = await this.takes.load();
    if (this.take) this.failed();
  }

  say(name, n = 0) {
    this.find("status").textContent = this.section.dataset[name].replace("{n}", n);
  }

  async record() {
    if (this.isAsking) return;
    this.isAsking = true;
    const hears = { tick: (seconds) => this.say("sayRecording", Math.floor(seconds)), stopped: () => this.stopped() };
    const microphone = new Microphone(hears);
    try {
      await microphone.start();
      this.microphone = microphone;
      this.find("words").textContent = this.section.dataset.sayStop;
    } catch {
      this.say("sayDenied");
    }
    this.isAsking = false;
  }

  async stopped() {
    this.take = { blob: this.microphone.blob };
    this.microphone = null;
    this.find("words").textContent = this.section.dataset.sayRecord;
    await this.takes.save(this.take);
    return this.send();
  }

  async send() {
    this.say("saySending");
    const body = new FormData();
    body.append("file", this.take.blob, "voice");
    const response = await post(this.section.dataset.url, body).catch(() => null);
    if (response?.ok && !response.url.includes("/account/login/")) return this.kept();
    const told = response && response.status < 500 ? await response.json().catch(() => ({})) : {};
    if (told.code?.startsWith("recording.")) await this.takes.clear();
    return this.failed(told.detail);
  }

  failed(sentence) {
    this.find("again").hidden = false;
    if (sentence) this.find("status").textContent = sentence;
    else this.say("sayFailed");
  }

  async kept() {
    await this.takes.clear();
    window.htmx.ajax("GET", location.pathname + location.search, { target: "#voice", select: "#voice", swap: "outerHTML" });
  }
}
