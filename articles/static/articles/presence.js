// Who else has this article open, and who keeps it to themselves: asked every few seconds while the form is open.

import { ask, tellOnLeaving } from "./desk-request.js";

const BEAT = 4_000;
const MOMENT = 300; // a page that is being closed is hidden first, and must not say after its good-bye that it is open
const BACKGROUND_BEAT = 60_000; // browsers wake a tab in the background no oftener

export class Presence {
  constructor(saving) {
    Object.assign(this, { saving, told: saving.told, root: saving.root });
    for (const button of this.root.querySelectorAll("[data-lock]")) {
      button.addEventListener("click", () => this.press(button.dataset.lock));
    }
    this.dialog = this.root.querySelector("[data-ask]");
    this.dialog.querySelector("[data-ask-no]").addEventListener("click", () => this.dialog.close());
    this.dialog.querySelector("[data-ask-yes]").addEventListener("click", () => {
      this.dialog.close();
      this.send("take_over");
    });
    document.addEventListener("visibilitychange", () => this.beatIn(document.hidden ? MOMENT : 0));
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.beat());
    this.beat();
  }

  get sitting() {
    return this.saving.sitting.value;
  }

  leave(sitting = this.sitting) {
    if (this.told.addresses.pulse) tellOnLeaving(this.told.addresses.pulse, { sitting, bye: "1" });
  }

  async beat() {
    clearTimeout(this.timer);
    if (this.told.addresses.pulse) {
      const said = { sitting: this.sitting, unsaved: this.saving.isUnsaved() ? "1" : "", background: document.hidden ? "1" : "" };
      this.take(await ask(this.told.addresses.pulse, said));
    }
    this.beatIn(document.hidden ? BACKGROUND_BEAT : BEAT);
  }

  beatIn(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), time);
  }

  take(answer) {
    if (answer.others) {
      this.drawPeople(answer.others);
      this.drawLock(answer.lock);
    }
    this.saving.hear(answer);
  }

  press(deed) {
    if (deed !== "take_over") return this.send(deed);
    this.root.querySelector("[data-ask-line]").textContent = this.say("kept_by", this.lock);
    this.dialog.showModal();
  }

  async send(deed) {
    this.take(await ask(this.told.addresses.lock, { sitting: this.sitting, deed }));
  }

  say(name, values) {
    return this.told.words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  drawPeople(others) {
    const list = this.root.querySelector("[data-people]");
    const lines = others.map((other) => {
      const notes = [other.own && this.told.words.own, other.unsaved && this.told.words.unsaved].filter(Boolean);
      return [this.say("here", other), ...notes].join(" · ");
    });
    list.hidden = !lines.length;
    if (lines.join("\n") === this.lines) return;
    this.lines = lines.join("\n");
    list.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  }

  drawLock(lock) {
    this.lock = lock;
    const open = { keep: !lock, give_back: lock?.mine, take_over: lock && !lock.mine };
    for (const button of this.root.querySelectorAll("[data-lock]")) button.hidden = !open[button.dataset.lock];
    const line = lock?.mine ? this.say("kept_by_you", lock) : ""; // of anybody else's the line above speaks
    const place = this.root.querySelector("[data-lock-line]");
    if (place.textContent !== line) place.textContent = line;
  }
}
