/* Cards that stand for a video, a post or a chart elsewhere: the frame comes when a reader asks for it, not before.

   Nothing is remembered: the next page asks again. Without this script the card is a link. */

function frameOf(button) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", button.dataset.sandbox);
  frame.allow = button.dataset.allow;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.title = button.dataset.title;
  frame.src = button.dataset.frame;
  frame.tabIndex = 0;
  return frame;
}

/* The link stays under the frame, for a frame that shows nothing. */
function load(button) {
  const card = button.closest(".embed-card");
  const frame = frameOf(button);
  card.before(frame);
  card.closest(".embed").classList.add("embed-loaded");
  button.closest(".embed-load").remove();
  frame.focus();
}

/* Texts that open in place bring cards of their own, so the page listens and not each button. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-frame]");
  if (button) load(button);
});
