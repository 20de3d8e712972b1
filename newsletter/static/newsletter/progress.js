// Something that goes on while one looks: its place in the page is drawn anew from what the server says, every two
// seconds, more rarely when the server does not answer, and not at all behind another tab. Without this module the page
// has a link to look again.

import { ask } from "../articles/desk-request.js";

const BEAT = 2_000;
const RAREST = 60_000;

class Progress {
  constructor(place) {
    Object.assign(this, { place, pause: BEAT, html: "", words: "" });
    this.says = document.querySelector("[data-progress-says]");
    place.classList.add("is-live");
    document.addEventListener("visibilitychange", () => document.hidden || this.beatIn(0));
    this.beatIn(BEAT);
  }

  beatIn(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), time);
  }

  async beat() {
    if (document.hidden || !("open" in this.place.dataset)) return;
    const answer = await ask(this.place.dataset.progress);
    if (answer.status === 200) this.take(answer);
    if (answer.status === "logged_out" || answer.status === 403 || answer.status === 404) return;
    this.pause = answer.status === 200 ? BEAT : Math.min(this.pause * 2, RAREST);
    this.place.classList.toggle("is-stale", answer.status !== 200);
    if ("open" in this.place.dataset) this.beatIn(this.pause);
  }

  take({ open, html, words }) {
    if (!open) delete this.place.dataset.open;
    if (html !== this.html && !this.isBusy()) this.draw(html);
    if (this.says && words !== this.words) this.says.textContent = words;
    this.words = words;
    if (!open && this.place.dataset.then) window.location.assign(this.place.dataset.then);
  }

  // Nobody's open question or half-pressed button is taken away.
  isBusy() {
    return this.place.querySelector("details[open] form, button:active, dialog[open]") !== null;
  }

  draw(html) {
    const focused = this.place.contains(document.activeElement) ? document.activeElement.id : "";
    this.place.innerHTML = html;
    this.html = html;
    if (focused) document.getElementById(focused)?.focus();
  }
}

for (const place of document.querySelectorAll("[data-progress]")) new Progress(place);
