/* A lesson counts as read when its reader has come to the end of it. On the form that marks it: data-unread while
   it is not read. Somebody who has neither scrolled nor stayed for a while has not read it. */

const STAYED = 20000;

export default function lesson(form) {
  if (!form.hasAttribute("data-unread")) return;
  let isReading = false;
  let isSeen = false;
  const mark = () => {
    if (!isReading || !isSeen || !form.isConnected) return;
    observer.disconnect();
    form.requestSubmit();
  };
  const observer = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1).isIntersecting;
    mark();
  });
  const reading = () => {
    isReading = true;
    mark();
  };
  observer.observe(form);
  window.addEventListener("scroll", reading, { once: true, passive: true });
  setTimeout(reading, STAYED);
}
