/* A recording with its waveform: play and pause, back and on by five seconds, a place by pointer or arrow keys, the
   speed. On the part around a plain <audio controls>, which stays where there are no scripts. One plays at a time, and
   the keys of the page are those of the one that played last. */

const STEP = 5; // seconds
const PLAYS = "across:plays";

export default function player(part) {
  const audio = part.querySelector("audio");
  const find = (name) => part.querySelector(`[data-${name}]`);
  const wave = find("wave");
  const bars = [...wave.querySelectorAll("rect")];
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : Number(wave.getAttribute("aria-valuemax")) || 1);
  audio.controls = false;
  audio.hidden = true;
  find("on").hidden = false;

  const show = () => {
    const share = audio.currentTime / length();
    bars.forEach((bar, place) => bar.toggleAttribute("data-heard", place / bars.length < share));
    const told = clock(audio.currentTime);
    find("now").textContent = told;
    wave.setAttribute("aria-valuenow", Math.floor(audio.currentTime));
    wave.setAttribute("aria-valuetext", told);
    find("paused").hidden = !audio.paused;
    find("playing").hidden = audio.paused;
  };
  const goTo = (seconds) => {
    audio.currentTime = Math.max(0, Math.min(length(), seconds));
    show();
  };
  for (const event of ["timeupdate", "play", "pause", "ended", "seeked"]) audio.addEventListener(event, show);
  const gone = () => (find("gone").hidden = !audio.error);
  audio.addEventListener("error", gone);
  gone();
  audio.addEventListener("play", () => document.dispatchEvent(new CustomEvent(PLAYS, { detail: part })));
  document.addEventListener(PLAYS, (event) => {
    if (event.detail !== part) audio.pause();
    giveKeys(part, event.detail === part);
  });
  find("play").addEventListener("click", () => (audio.paused ? audio.play().catch(() => null) : audio.pause()));
  find("back").addEventListener("click", () => goTo(audio.currentTime - STEP));
  find("next").addEventListener("click", () => goTo(audio.currentTime + STEP));
  find("speed").addEventListener("change", (event) => (audio.playbackRate = Number(event.target.value)));
  wave.addEventListener("pointerdown", (event) => {
    const box = wave.getBoundingClientRect();
    goTo(((event.clientX - box.left) / box.width) * length());
  });
  wave.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    goTo(audio.currentTime + step);
  });
  for (const button of part.closest("section")?.querySelectorAll("[data-seek]") ?? []) {
    button.disabled = false;
    button.addEventListener("click", () => goTo(Number(button.dataset.seek)));
  }
  part.addEventListener("across:seek", (event) => goTo(event.detail));
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** The buttons of a player answer to their keys, or rest. */
function giveKeys(part, isOn) {
  const [from, to] = isOn ? ["restingKey", "key"] : ["key", "restingKey"];
  for (const button of part.querySelectorAll("button")) {
    if (!(from in button.dataset)) continue;
    button.dataset[to] = button.dataset[from];
    delete button.dataset[from];
  }
}
