// The article's form saves by itself: within a second in this browser, every few seconds on the server.
//
// The line above the form says how it stands. What is wrong with a request is one word (`state`); `STILL` are those in
// which nothing is sent until the person, or the server, has said something new.

import { ask, refresh } from "./desk-request.js";
import { canTell, drop, live, put } from "./drafts-store.js";
import { FormText } from "./form-text.js";
import { Presence } from "./presence.js";
import { tidy, WaitingText } from "./waiting-text.js";

const KEEP_AFTER = 400;
const SEND_AFTER = 3_000;
const LONGEST_WAIT = 30_000;
const CARRIED_ON_LEAVING = 60_000; // bytes; a browser refuses more

const STILL = new Set(["overtaken", "conflict", "locked", "taken", "newer", "forbidden", "deleted"]);
const UNREACHED = new Set(["offline", "failed", "logged_out", "other_person"]);

class Saving {
  constructor(root, form) {
    Object.assign(this, { root, form, told: JSON.parse(root.dataset.saving), state: "ready", failures: 0 });
    this.base = form.elements.base;
    this.sitting = form.elements.sitting;
    this.content = new FormText(form, this.told.fields);
    this.saved = this.told.refused ? "" : this.text();
    if (document.querySelector("[data-conflict=newer]")) this.state = "conflict";
    root.hidden = false;
    live(this.sitting.value);
    this.listen();
    this.show();
    this.presence = new Presence(this);
    new WaitingText(this);
    if (this.isUnsaved()) this.touch();
  }

  listen() {
    for (const name of ["input", "change", "picker:change"]) this.form.addEventListener(name, () => this.touch());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.root.querySelector("[data-line-button]").addEventListener("click", () => this.press());
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("focus", () => UNREACHED.has(this.state) && this.hurry());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.flush() : this.hurry()));
    window.addEventListener("pagehide", () => this.flush());
    window.addEventListener("pageshow", () => (this.leaving = false));
    window.addEventListener("beforeunload", (event) => this.isUnsaved() && !this.keep() && event.preventDefault());
  }

  // ---- what is there

  text() {
    return String(this.content);
  }

  isUnsaved() {
    return !this.leaving && this.text() !== this.saved;
  }

  copy() {
    const { person, article, addresses } = this.told;
    const here = { person, article, kept: addresses.kept, sitting: this.sitting.value, base: this.base.value };
    return { ...here, at: Date.now(), fields: this.content.fields() };
  }

  // In this browser. Says whether it is safe: kept, or not needed since the server has all of it.
  keep(more = {}) {
    clearTimeout(this.keeping);
    this.keeping = null;
    if (this.text() === this.saved && !this.faults && !more.submitted) {
      drop(this.copy());
      this.isKept = true;
    } else {
      this.isKept = put({ ...this.copy(), ...more });
    }
    return this.isKept;
  }

  // ---- when

  touch() {
    if (this.text() === this.saved) return;
    this.keeping ??= setTimeout(() => {
      this.keep();
      this.show();
    }, KEEP_AFTER);
    if (this.state === "ready") this.plan(SEND_AFTER);
    this.show();
  }

  plan(after) {
    this.planned ??= setTimeout(() => {
      this.planned = null;
      this.send();
    }, after);
  }

  hurry() {
    clearTimeout(this.planned);
    this.planned = null;
    if (this.state !== "ready" || this.isUnsaved()) this.send();
    this.presence?.beat();
  }

  later(state) {
    this.failures += 1;
    this.turn(state);
    this.plan(Math.min(1_000 * 2 ** this.failures, LONGEST_WAIT));
  }

  // The page is being left or put in the background: what the server does not have yet goes along.
  flush() {
    if (!this.isUnsaved()) return;
    this.keep();
    const values = this.values();
    const fits = new URLSearchParams(values).toString().length < CARRIED_ON_LEAVING;
    if (this.state === "ready" && !this.busy && fits && this.isWorth()) this.send({ keepalive: true });
  }

  // ---- sending

  isWorth() {
    return this.told.article !== null || !this.content.isEmpty();
  }

  values() {
    const here = { base: this.base.value, sitting: this.sitting.value, person: String(this.told.person) };
    return [...this.content.fields(), ...Object.entries(here)];
  }

  async send(options = {}) {
    if (this.busy || this.leaving || STILL.has(this.state)) return;
    if (this.state !== "ready" && !(await this.isBack())) return;
    const text = this.text();
    if (text === this.saved || !this.isWorth() || this.busy) return this.show();
    this.busy = true;
    this.show();
    const answer = await ask(this.told.addresses.autosave, this.values(), options);
    this.busy = false;
    if (!this.leaving) this.take(answer, text);
  }

  async isBack() {
    if (this.checking) return false;
    this.checking = true;
    const state = await refresh(this.told);
    this.checking = false;
    if (state === "ready" && !this.isUnsaved()) this.failures = 0;
    if (state === "ready") this.turn("ready");
    else this.later(UNREACHED.has(state) ? state : "failed");
    return state === "ready";
  }

  take(answer, text) {
    const { status } = answer;
    if (status === 200) this.arrived(answer, text);
    else if (status === 409 && answer.own) this.again(answer);
    else if (status === 409) this.stop("overtaken", answer);
    else if (status === 423) this.stop("locked", answer.lock);
    else if (status === 404) this.stop("deleted");
    else if (status === 403 && answer.refused) this.later("other_person");
    else if (status === 403) this.refused();
    else this.later(UNREACHED.has(status) ? status : "failed");
  }

  arrived(answer, text) {
    Object.assign(this, { saved: text, failures: 0, refusals: 0, time: answer.time });
    this.faults = answer.errors.length ? answer.errors : null;
    this.move(answer);
    const badges = document.querySelector(".article-state");
    if (badges && answer.state) badges.innerHTML = answer.state;
    this.turn("ready");
    this.keep();
    if (this.isUnsaved()) this.plan(SEND_AFTER);
    document.dispatchEvent(new CustomEvent("magazine:saved", { detail: { number: answer.number } }));
  }

  // An answer of the server was lost: it has saved more of this page than the page knew.
  again(answer) {
    this.move(answer);
    this.send();
  }

  // From here on the form is made from that revision, of that article.
  move({ number, article, addresses }) {
    if (number) this.base.value = number;
    if (!addresses?.change || this.told.article !== null) return;
    drop(this.copy());
    Object.assign(this.told, { article: article ?? Number(addresses.change.match(/\/(\d+)\/change/)[1]), addresses });
    this.form.action = addresses.change;
    history.replaceState(null, "", addresses.change);
    this.keep();
    this.presence.beat();
  }

  // The token of the form is old after a login in another tab; refused with a new one, it is meant.
  refused() {
    this.refusals = (this.refusals ?? 0) + 1;
    if (this.refusals > 2) this.stop("forbidden");
    else this.later("failed");
  }

  stop(state, values = {}) {
    this.keep();
    this.turn(state, values);
  }

  // ---- what others do

  // An answer to "who is here": somebody may have saved, taken the article or given it back.
  hear({ status, newest, lock }) {
    if (this.leaving || this.state === "conflict") return;
    if (UNREACHED.has(status) && this.state === "ready") this.later(status);
    if (status !== 200 && status !== 423) return;
    if (UNREACHED.has(this.state)) return this.send();
    const isTheirs = lock && !lock.mine;
    if (isTheirs) this.stop(this.hadLock ? "taken" : "locked", lock);
    else if (this.state === "locked" || this.state === "taken") this.turn("ready");
    if (!isTheirs) this.hadLock = Boolean(lock?.mine);
    if (!isTheirs && newest && !newest.own && newest.number > Number(this.base.value)) {
      this.stop(this.isUnsaved() ? "overtaken" : "newer", newest);
    } else if (this.state === "ready" && this.isUnsaved()) {
      this.plan(SEND_AFTER);
    }
  }

  // The form goes on where the page that is gone left off. Where a browser cannot tell whether it is gone, the form
  // stays a sitting of its own, and two texts meet as those of two people do.
  adopt(copy) {
    this.presence.leave();
    this.base.value = copy.base;
    if (canTell) this.sitting.value = copy.sitting;
    live(this.sitting.value);
    this.content.fill(copy.fields);
    if (this.keep() && !canTell) drop(copy);
    this.announce("put_in");
    this.touch();
  }

  // ---- the buttons of the form

  // Kept here first: a save that ends at the login page, or nowhere, is offered on return.
  submit(event) {
    if (UNREACHED.has(this.state) || !navigator.onLine) {
      event.preventDefault();
      this.keep();
      this.isBack().then((isBack) => isBack && this.form.requestSubmit(event.submitter));
      return;
    }
    this.keep({ submitted: true });
    this.leaving = true;
    setTimeout(() => (this.leaving = false), LONGEST_WAIT); // the page is still here: nothing came of it
  }

  // "See both texts" sends the form, which comes back with them; "Open their text" loads it.
  press() {
    if (this.state === "newer") location.reload();
    else this.form.requestSubmit(this.form.querySelector("[name=_continue]"));
  }

  // ---- the line

  say(name, values = {}) {
    return this.told.words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  turn(state, values = {}) {
    Object.assign(this, { state, said: values });
    this.show();
  }

  standing() {
    if (this.isKept === false && this.isUnsaved()) return ["full", {}];
    if (this.state !== "ready") return [this.state, this.said];
    if (this.busy) return ["saving", {}];
    if (this.isUnsaved()) return ["changed", {}];
    if (this.faults) return ["faults", { time: this.time, fields: this.faults.map((fault) => `${fault.label}: ${fault.text}`).join(" ") }];
    return this.time ? ["saved", { time: this.time }] : ["nothing", {}];
  }

  show() {
    const [name, values] = this.standing();
    const button = { overtaken: "see_both", newer: "open_newer" }[name];
    const link = name === "logged_out";
    this.root.dataset.state = name;
    this.announce(name, values);
    this.name("[data-line-button]", button);
    this.name("[data-line-link]", link && "log_in").href = this.told.login;
  }

  announce(name, values) {
    const line = this.root.querySelector("[data-line]");
    const words = this.say(name, values);
    if (line.textContent !== words) line.textContent = words;
  }

  name(place, words) {
    const element = this.root.querySelector(place);
    element.hidden = !words;
    if (words) element.textContent = this.told.words[words];
    return element;
  }
}

const root = document.querySelector("[data-saving]");
const form = document.getElementById("article_form");
if (root && form?.elements.sitting) new Saving(root, form);
else tidy();
