/* What the chosen time zone means: the time it is there, and the dates of the page in it.
   On the element: a select named zone, with data-guess where nobody has chosen yet. In the page: [data-zone-now]
   with data-say, and [data-dates] with data-say around <time> elements. */

const DAY = { weekday: "long", day: "numeric", month: "long" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export default function zones(element) {
  const select = element.querySelector("select[name=zone]");
  if (select.hasAttribute("data-guess")) choose(select, Intl.DateTimeFormat().resolvedOptions().timeZone);
  const refresh = () => show(select.value, document);
  select.addEventListener("change", refresh);
  refresh();
  setInterval(refresh, 20000);
}

function choose(select, zone) {
  const option = [...select.options].find((each) => each.value === zone);
  if (option) option.selected = true;
}

function show(zone, page) {
  const now = page.querySelector("[data-zone-now]");
  try {
    if (now) now.textContent = now.dataset.say.replace("{time}", said(new Date(), zone, TIME));
    for (const time of page.querySelectorAll("[data-dates] time")) {
      const instant = new Date(time.dateTime);
      const words = time.closest("[data-dates]").dataset.say;
      time.textContent = words.replace("{when}", `${said(instant, zone, DAY)}, ${said(instant, zone, TIME)}`);
    }
  } catch {
    // A zone this browser does not know; the page keeps the words it came with.
  }
}

function said(instant, timeZone, style) {
  return new Intl.DateTimeFormat("en-GB", { ...style, timeZone }).format(instant);
}
