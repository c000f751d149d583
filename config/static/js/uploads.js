/* Sending a take: announced by its key, then part by part from the byte the server names, until somebody answers. */

import { isSignedOut, post } from "./http.js";
import { signInAgain } from "./signin.js";

const RETRY = [1000, 3000, 8000, 20000];
const ELSEWHERE = "recording.offset"; // the server has more or less than we thought

export class Upload {
  /** `hears` is told what happens meanwhile: progress(share), looking(), waiting(), signedOut(). */
  constructor(begin, field, take, hears) {
    Object.assign(this, { begin, field, take, hears });
    this.stopped = false;
  }

  /** Nothing more is sent; `run` resolves to null. */
  stop() {
    this.stopped = true;
  }

  /** What the server says in the end: how the recording stands, {detail} where it takes nothing, null where nobody is
      there to take it any more. */
  async run() {
    const { blob, key, type, name } = this.take;
    const announced = { size: blob.size, client_key: key, field: this.field, media_type: type, name };
    let told = await this.ask(this.begin, new URLSearchParams(announced));
    while (told?.state === "receiving") {
      const part = blob.slice(told.received, told.received + told.part);
      if (told.received + part.size >= blob.size) this.hears.looking();
      else this.hears.progress(told.received / blob.size);
      const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": told.received };
      const answer = await this.ask(addressOf(this.begin, told.key), part, headers);
      told = answer?.code === ELSEWHERE ? { ...told, received: answer.received } : answer;
    }
    return told;
  }

  async ask(url, body, headers = {}) {
    for (let tries = 0; !this.stopped; tries += 1) {
      const response = await post(url, body, { headers }).catch(() => null);
      if (response && isSignedOut(response)) {
        this.hears.signedOut();
        if (await signInAgain()) continue;
        return null;
      }
      if (response && response.status < 500 && response.status !== 429) return response.json().catch(() => ({}));
      this.hears.waiting();
      await pause(RETRY[Math.min(tries, RETRY.length - 1)]);
    }
    return null;
  }
}

/** Where a recording is sent to, below where recordings are announced; with `what` where it is removed. */
export function addressOf(begin, key, what = "") {
  return begin.replace(/recordings\/(\?|$)/u, `recordings/${key}/${what}$1`);
}

/** So long, or until there is a connection again. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    window.addEventListener("online", resolve, { once: true });
  });
}
