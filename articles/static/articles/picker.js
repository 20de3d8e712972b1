// Pickers: choose things by typing, put them in order by dragging or by buttons. The text field underneath holds the
// truth and is what is sent; articles/pickers.py says how it is written.

const ROLES = ["with", "photographs by", "illustrations by", "translated by", "as told to"];
const WAIT = 180;

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

class Picker {
  constructor(root) {
    const { words, chosen, url, one, roles, named } = root.dataset;
    Object.assign(this, { root, url, words: JSON.parse(words), items: JSON.parse(chosen) });
    Object.assign(this, { one: one !== undefined, roles: roles !== undefined, named: named !== undefined });
    this.holder = root.querySelector("textarea, input");
    if (this.holder.value.trim() && !this.items.length) return; // a fault in it: left to be mended as text
    this.build();
    this.draw();
  }

  build() {
    const id = this.holder.id;
    this.list = element("ol", { className: "picked" });
    this.options = element("ul", { className: "picker-options", id: `${id}_options`, role: "listbox", hidden: true });
    this.search = element("input", {
      type: "text",
      id: `${id}_search`,
      className: "vTextField",
      role: "combobox",
      autocomplete: "off",
      placeholder: this.words.search,
      "aria-autocomplete": "list",
      "aria-controls": this.options.id,
      "aria-expanded": "false",
    });
    this.status = element("p", { className: "visually-hidden", role: "status" });
    this.nameSearch();
    this.root.append(this.list, element("div", { className: "picker-search" }, this.search, this.options), this.status);
    this.holder.hidden = true;
    this.root.classList.add("picker-on");
    this.listen();
  }

  nameSearch() {
    const label = document.querySelector(`label[for="${this.holder.id}"]`);
    if (label) label.htmlFor = this.search.id;
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (this.holder.hasAttribute(name)) this.search.setAttribute(name, this.holder.getAttribute(name));
    }
    if (label) this.options.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
  }

  listen() {
    this.search.addEventListener("input", () => this.ask());
    this.search.addEventListener("click", () => this.options.hidden && this.ask());
    this.search.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("focusout", (event) => this.root.contains(event.relatedTarget) || this.close());
    this.options.addEventListener("mousedown", (event) => event.preventDefault());
    this.options.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.found[[...this.options.children].indexOf(option)]);
    });
    this.holder.addEventListener("field:filled", () => this.takeFromField());
    // Django's pop-up windows tell of a new thing by an event of jQuery alone.
    window.django?.jQuery?.(this.holder).on("change", () => this.takeFromPopup());
  }

  // ---- searching

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), WAIT);
  }

  async load() {
    this.request?.abort();
    this.request = new AbortController();
    const term = this.search.value.trim();
    try {
      const results = await this.fetch({ term }, this.request.signal);
      this.offer(results.filter((result) => !this.has(result.id)), term);
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = this.words.failed;
    }
  }

  async fetch(query, signal) {
    const answer = await fetch(`${this.url}?${new URLSearchParams(query)}`, { signal });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).results;
  }

  offer(results, term) {
    this.found = results;
    const same = (result) => result.text.toLowerCase() === term.toLowerCase();
    if (this.named && term && !results.some(same) && !this.has(term)) {
      this.found = [...results, { id: term, text: term, label: say(this.words.add, { text: term }) }];
    }
    this.options.replaceChildren(...this.found.map((result, number) => this.option(result, number)));
    this.options.hidden = !this.found.length;
    this.search.setAttribute("aria-expanded", String(!this.options.hidden));
    this.status.textContent = this.found.length ? say(this.words.found, { number: this.found.length }) : this.words.nothing;
    this.point(term && this.found.length ? 0 : -1);
  }

  option(result, number) {
    const text = element("span", { className: "picker-text" }, result.label ?? result.text);
    const note = result.note && element("small", {}, result.note);
    return element(
      "li",
      { id: `${this.options.id}_${number}`, role: "option", "aria-selected": "false" },
      image(result),
      element("span", {}, text, note),
    );
  }

  point(number) {
    this.pointed = number;
    [...this.options.children].forEach((option, n) => {
      option.setAttribute("aria-selected", String(n === number));
      if (n === number) option.scrollIntoView({ block: "nearest" });
    });
    const option = this.options.children[number];
    if (option) this.search.setAttribute("aria-activedescendant", option.id);
    else this.search.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.options.hidden = true;
    this.search.setAttribute("aria-expanded", "false");
    this.point(-1);
  }

  key(event) {
    const open = !this.options.hidden;
    const count = this.found?.length ?? 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.ask();
      else this.point((this.pointed + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter") {
      event.preventDefault(); // never sends the form from here
      if (open && this.pointed >= 0) this.choose(this.found[this.pointed]);
      else if (this.named) this.addTyped();
    } else if (event.key === "," && this.named) {
      event.preventDefault();
      this.addTyped();
    }
  }

  addTyped() {
    const text = this.search.value.trim().replace(/\s+/g, " ");
    if (text) this.choose({ id: text, text });
  }

  // ---- what is chosen

  has(id) {
    return this.items.some((item) => item.id.toLowerCase() === String(id).toLowerCase());
  }

  choose(item) {
    this.search.value = "";
    this.close();
    if (this.has(item.id)) return;
    const { label, ...chosen } = item;
    this.items = this.one ? [chosen] : [...this.items, { role: "", ...chosen }];
    this.changed(say(this.words.added, item));
  }

  remove(item) {
    this.items = this.items.filter((other) => other !== item);
    this.changed(say(this.words.removed, item));
    this.search.focus();
  }

  move(item, to) {
    if (to < 0 || to >= this.items.length) return;
    this.items = this.items.filter((other) => other !== item);
    this.items.splice(to, 0, item);
    this.changed(say(this.words.moved, { text: item.text, number: to + 1, all: this.items.length }));
  }

  changed(message) {
    this.write();
    this.draw();
    this.status.textContent = message;
  }

  write() {
    const line = ({ id, role }) => (this.roles && role ? `${id} | ${role}` : id);
    this.holder.value = this.items.map(line).join(this.named ? ", " : "\n");
    this.root.dispatchEvent(new CustomEvent("picker:change", { bubbles: true }));
  }

  async takeFromPopup() {
    const id = this.holder.value;
    if (!id || this.has(id)) return;
    const results = await this.fetch({ id });
    this.items = results;
    this.changed(results.length ? say(this.words.added, results[0]) : this.words.failed);
  }

  // Another script has filled the field; things keep the names they are known by here, or are asked for.
  async takeFromField() {
    const lines = this.holder.value.split(this.named ? "," : "\n").map((line) => line.trim()).filter(Boolean);
    this.items = await Promise.all(lines.map((line) => this.itemOf(line)));
    this.draw();
  }

  async itemOf(line) {
    const [id, role = ""] = this.named ? [line] : line.split(/\s*\|\s*(.*)/);
    if (this.named) return { id, text: id };
    const known = this.items.find((item) => item.id === id) ?? (await this.fetch({ id }).catch(() => []))[0];
    return { ...(known ?? { id, text: `#${id}` }), role };
  }

  // ---- drawing

  draw() {
    this.list.replaceChildren(...this.items.map((item, place) => this.row(item, place)));
    this.list.hidden = !this.items.length;
    this.linkChange();
  }

  row(item, place) {
    const ordered = !this.one && !this.named;
    const row = element(
      "li",
      { className: this.named ? "picked-tag" : "picked-item" },
      ordered && this.handle(item),
      image(item),
      element("span", { className: "picker-text" }, item.text, item.note && element("small", {}, item.note)),
      this.roles && this.role(item),
      ordered && this.button("up", "↑", item, () => this.shift(item, place - 1, "up"), place === 0),
      ordered && this.button("down", "↓", item, () => this.shift(item, place + 1, "down"), place === this.items.length - 1),
      this.button("remove", "×", item, () => this.remove(item)),
    );
    if (ordered) this.takeDrops(row, item);
    return row;
  }

  button(name, sign, item, act, off = false) {
    const button = element("button", { type: "button", disabled: off, "aria-label": say(this.words[name], item) }, sign);
    button.dataset.act = name;
    button.addEventListener("click", act);
    return button;
  }

  // The focus stays on the button of the thing that moved, or goes to its other button at either end.
  shift(item, to, way) {
    this.move(item, to);
    const row = this.list.children[this.items.indexOf(item)];
    const buttons = [row.querySelector(`[data-act=${way}]`), row.querySelector(`[data-act=${way === "up" ? "down" : "up"}]`)];
    buttons.find((button) => !button.disabled)?.focus();
  }

  role(item) {
    const known = `${this.holder.id}_roles`;
    if (!document.getElementById(known)) {
      this.root.append(element("datalist", { id: known }, ...ROLES.map((role) => element("option", { value: role }))));
    }
    const field = element("input", { type: "text", maxLength: 60, value: item.role ?? "", "aria-label": say(this.words.role, item) });
    field.className = "picked-role";
    field.setAttribute("list", known);
    field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    field.addEventListener("input", () => {
      item.role = field.value.trim();
      this.write();
    });
    return field;
  }

  handle(item) {
    const handle = element("span", { className: "picked-handle", title: this.words.drag, draggable: true }, "⠿");
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("dragstart", (event) => {
      this.dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(handle.parentElement, 0, 0);
    });
    handle.addEventListener("dragend", () => (this.dragged = null));
    return handle;
  }

  takeDrops(row, item) {
    row.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      row.classList.add("picked-over");
    });
    row.addEventListener("dragleave", () => row.classList.remove("picked-over"));
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.dragged) this.move(this.dragged, this.items.indexOf(item));
    });
  }

  // Django's link to change the chosen thing follows selects only.
  linkChange() {
    for (const link of this.root.parentElement.querySelectorAll(":scope > a[data-href-template]")) {
      const id = this.items[0]?.id;
      if (id) link.href = link.dataset.hrefTemplate.replace("__fk__", id);
      else link.removeAttribute("href");
      link.toggleAttribute("aria-disabled", !id);
      link.hidden = !id;
    }
  }
}

function image({ picture }) {
  return picture && element("img", { src: picture, alt: "", width: 54, height: 36, loading: "lazy" });
}

const build = (page) => page.querySelectorAll("[data-picker]").forEach((root) => new Picker(root));

build(document);
// Another script has put a part of a form into the page.
document.addEventListener("form:grown", (event) => build(event.target));
