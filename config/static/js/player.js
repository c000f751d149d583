/* A recording with its waveform: play and pause, a place by pointer or arrow keys, the speed. On the part around a
   plain <audio controls>, which stays where there are no scripts. */

const STEP = 5; // seconds

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
    const second = Math.floor(audio.currentTime);
    find("now").textContent = `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;
    wave.setAttribute("aria-valuenow", second);
    find("paused").hidden = !audio.paused;
    find("playing").hidden = audio.paused;
  };
  const goTo = (seconds) => {
    audio.currentTime = Math.max(0, Math.min(length(), seconds));
    show();
  };
  for (const event of ["timeupdate", "play", "pause", "ended", "seeked"]) audio.addEventListener(event, show);
  find("play").addEventListener("click", () => (audio.paused ? audio.play() : audio.pause()));
  find("speed").addEventListener("change", (event) => (audio.playbackRate = Number(event.target.value)));
  wave.addEventListener("pointerdown", (event) => {
    const box = wave.getBoundingClientRect();
    goTo(((event.clientX - box.left) / box.width) * length());
  });
  wave.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(audio.currentTime + step);
  });
  part.addEventListener("across:seek", (event) => goTo(event.detail));
}
