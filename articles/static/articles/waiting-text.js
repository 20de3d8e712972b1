// Text that waits in this browser from a page that is gone: whether it was saved after all, and if not, the offer.

import { ask } from "./desk-request.js";
import { drop, lives, waiting } from "./drafts-store.js";

const MOMENT = 1_500; // until a page that is being left has let go of its sitting

function timeOf(moment) {
  const date = new Date(moment);
  const day = date.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
  return date.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" });
}

const compare = (copy, address) => ask(address, [...copy.fields, ["sitting", copy.sitting], ["base", copy.base]]);

export class WaitingText {
  constructor(saving) {
    Object.assign(this, { saving, place: saving.root.querySelector("[data-waits]") });
    for (const button of this.place.querySelectorAll("[data-waits-act]")) {
      button.addEventListener("click", () => this[button.dataset.waitsAct](button));
    }
    this.look().then((tabs) => tabs && setTimeout(() => this.look(), MOMENT));
  }

  // The number of copies that belong to tabs which are open.
  async look() {
    const { person, article } = this.saving.told;
    let tabs = 0;
    for (const copy of waiting(person, article)) {
      if (copy.sitting === this.saving.sitting.value || copy === this.copy) continue;
      if (await lives(copy.sitting)) tabs += 1;
      else if (await this.consider(copy)) break;
    }
    return tabs;
  }

  async consider(copy) {
    const answer = await compare(copy, this.saving.told.addresses.kept);
    if (answer.saved) drop(copy);
    else this.show(copy, answer.differences);
    return !answer.saved;
  }

  show(copy, differences) {
    this.copy = copy;
    this.place.querySelector("[data-waits-line]").textContent = this.saving.say("waits", { time: timeOf(copy.at) });
    this.place.querySelector("[data-waits-both]").innerHTML = differences ?? "";
    this.place.querySelector("[data-waits-act=differences]").hidden = !differences;
    this.place.hidden = false;
  }

  put_in() {
    this.close();
    this.saving.adopt(this.copy);
  }

  throw_away() {
    this.close();
    drop(this.copy);
    this.look();
  }

  differences(button) {
    const both = this.place.querySelector("[data-waits-both]");
    both.hidden = !both.hidden;
    button.setAttribute("aria-expanded", String(!both.hidden));
  }

  close() {
    this.place.hidden = true;
    document.getElementById("id_headline")?.focus();
  }
}

// On a page without a form: copies of forms that were sent, and saved, are not needed any more.
export async function tidy() {
  for (const copy of waiting().filter(({ submitted }) => submitted)) {
    if ((await compare(copy, copy.kept)).saved) drop(copy);
  }
}
