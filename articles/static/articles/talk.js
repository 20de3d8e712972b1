// Comments beside the form: sent without leaving it; a mark beside each paragraph that has some; @names are completed.
// Without this script the page of the comments does the same.

const form = document.getElementById("talk-form");
const panel = () => document.getElementById("talk");
const words = (name) => document.getElementById("talk-words-said").content.querySelector(`[data-word=${name}]`).textContent;
const behavior = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
const TOKEN = "[name=csrfmiddlewaretoken]";
let margin = null;

// ---------------------------------------------------------------- sending

async function send(event) {
  event.preventDefault();
  const button = event.submitter;
  const data = new FormData(form, button);
  const pressed = button?.name;
  button.disabled = true;
  try {
    const answer = await post(data);
    if (answer.redirected) refuse(words("login"));
    else if (answer.ok || answer.status === 422) show(await answer.text(), pressed, answer.ok);
    else refuse(words("refused"));
  } catch {
    refuse(words("lost"));
  } finally {
    button.disabled = false;
  }
}

// Who has logged in anew in another tab has another token than this page: it is fetched, and once tried again.
async function post(data, again = true) {
  const answer = await fetch(panel().dataset.panel, { method: "POST", body: data });
  if (answer.status !== 403 || !again) return answer;
  const page = await fetch(form.action);
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(`#talk-form ${TOKEN}`);
  if (!fresh) return page.redirected ? page : answer;
  form.querySelector(TOKEN).value = fresh.value;
  data.set("csrfmiddlewaretoken", fresh.value);
  return post(data, false);
}

function refuse(text) {
  const note = Object.assign(document.createElement("p"), { className: "talk-refusal", textContent: text });
  panel().querySelector(".talk-status").replaceChildren(note);
}

// The panel as it is now; what stands half written in it stays.
function show(html, pressed, done) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("talk");
  if (!fresh) return refuse(words("refused"));
  const kept = [...panel().querySelectorAll("textarea")].filter((area) => area.value);
  const { said } = fresh.dataset;
  const folded = panel().querySelector(".talk-resolved")?.open;
  panel().replaceWith(fresh);
  if (folded) fresh.querySelector(".talk-resolved")?.setAttribute("open", "");
  for (const area of kept) {
    const again = fresh.querySelector(`[id="${area.id}"]`);
    const sent = done && area.id === { say: "talk-text", answer: `answer-${said}` }[pressed];
    if (!again || sent) continue;
    again.value = area.value;
    again.closest("details")?.setAttribute("open", "");
  }
  fresh.addEventListener("click", follow);
  completeNames(fresh);
  const thread = said && fresh.querySelector(`#thread-${said}`);
  if (thread) {
    if (pressed !== "resolve") thread.closest("details")?.setAttribute("open", "");
    if (margin && pressed === "say" && margin.pointed !== null) margin.places.set(said, margin.pointed);
    if (thread.checkVisibility()) thread.focus();
    else fresh.querySelector(".talk-resolved summary")?.focus();
  }
  margin?.read();
}

// The words of the paragraph that was pointed at hold only while it is chosen.
function forgetWords(event) {
  if (event.target.id !== "talk-about") return;
  document.getElementById("talk-words").value = "";
  if (margin) margin.pointed = null;
}

// ---------------------------------------------------------------- from a comment to its place

function follow(event) {
  const link = event.target.closest(".thread-where");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { about } = link.closest(".thread").dataset;
  const number = link.closest(".thread").id.replace("thread-", "");
  if (margin?.scrollTo(number)) return event.preventDefault();
  const field = document.querySelector(`.field-${about}`);
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  field.scrollIntoView({ block: "center", behavior });
  field.querySelector("input, textarea, select")?.focus({ preventScroll: true });
}

// ---------------------------------------------------------------- marks beside the paragraphs

// Positions in the editor's document: `places` says where each thread's paragraph begins, and moves with what is typed.
class Margin {
  constructor(editor) {
    this.editor = editor;
    this.places = new Map();
    this.pointed = null;
    this.element = Object.assign(document.createElement("div"), { className: "talk-margin" });
    editor.view.dom.closest(".prose-editor").append(this.element);
    this.here = this.button("talk-here", "+", words("here"), () => this.speak());
    editor.on("transaction", ({ transaction }) => this.move(transaction));
    for (const kind of ["selectionUpdate", "focus", "update"]) editor.on(kind, () => this.draw());
    editor.view.dom.addEventListener("scroll", () => this.draw(), { passive: true });
    editor.view.dom.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(editor.view.dom);
    this.read();
  }

  button(kind, text, label, press) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: kind, textContent: text, title: label });
    button.setAttribute("aria-label", label);
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays where it is
    button.addEventListener("click", press);
    this.element.append(button);
    return button;
  }

  get blocks() {
    const found = [];
    this.editor.state.doc.forEach((node, position, index) => found.push({ node, position, number: index + 1 }));
    return found;
  }

  // Find the paragraph of each open thread: where it was already, or by its words, the nearest to its number.
  read() {
    const isOpen = (thread) => !thread.closest(".talk-resolved") && /^\d+$/.test(thread.dataset.about);
    const threads = [...panel().querySelectorAll(".thread")].filter(isOpen);
    const places = new Map();
    const blocks = this.blocks.map((block) => ({ ...block, text: wordsOf(block.node) }));
    for (const thread of threads) {
      const number = thread.id.replace("thread-", "");
      const place = this.places.get(number) ?? find(blocks, thread.dataset.quote, Number(thread.dataset.about));
      if (place !== undefined) places.set(number, place);
    }
    this.places = places;
    this.draw();
  }

  move(transaction) {
    if (!transaction.docChanged) return;
    const moved = (position) => transaction.mapping.mapResult(position, 1);
    for (const [number, position] of this.places) {
      const result = moved(position);
      if (result.deletedAfter) this.places.delete(number);
      else this.places.set(number, result.pos);
    }
    if (this.pointed !== null) this.pointed = moved(this.pointed).pos;
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.place());
  }

  place() {
    for (const mark of this.element.querySelectorAll(".talk-mark")) mark.remove();
    const threads = grouped(this.places);
    const cursor = this.atCursor();
    for (const [position, numbers] of threads) {
      const label = words("marks").replace("{count}", numbers.length);
      const mark = this.button("talk-mark", `${numbers.length}`, label, () => focusThread(numbers[0]));
      this.put(mark, position);
    }
    const shown = cursor && this.editor.isEditable && document.getElementById("talk-about") && wordsOf(cursor.node);
    this.here.hidden = true;
    if (shown) this.put(this.here, cursor.position, threads.has(cursor.position) ? 32 : 0);
  }

  // Beside the first line of the paragraph; out of sight with it.
  put(button, position, below = 0) {
    const node = this.editor.view.nodeDOM(position);
    const text = this.editor.view.dom.getBoundingClientRect();
    if (!node?.getBoundingClientRect) return button.remove();
    const { top } = node.getBoundingClientRect();
    button.hidden = top + below < text.top - 4 || top + below > text.bottom - 24;
    button.style.top = `${top - this.element.getBoundingClientRect().top + below}px`;
  }

  // The browser knows where the cursor is a moment before the editor does.
  atCursor() {
    const { view, state } = this.editor;
    const { anchorNode, anchorOffset } = document.getSelection();
    const shown = view.hasFocus() && view.dom.contains(anchorNode);
    const cursor = shown ? view.posAtDOM(anchorNode, anchorOffset) : state.selection.from;
    return this.blocks.find(({ node, position }) => position <= cursor && cursor < position + node.nodeSize);
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.code !== "KeyM") return;
    event.preventDefault();
    this.speak();
  }

  // Choose the paragraph at the cursor in the panel, with its words as they stand now, saved or not.
  speak() {
    const block = this.atCursor();
    const select = document.getElementById("talk-about");
    if (!block || !select) return;
    const text = wordsOf(block.node);
    const value = String(block.number);
    const label = `¶ ${value} ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`;
    const option = [...select.options].find((each) => each.value === value) ?? select.appendChild(new Option(label, value));
    option.textContent = label;
    select.value = value;
    document.getElementById("talk-words").value = text;
    this.pointed = block.position;
    const area = document.getElementById("talk-text");
    area.scrollIntoView({ block: "center", behavior });
    area.focus({ preventScroll: true });
  }

  scrollTo(number) {
    const position = this.places.get(number);
    const node = position === undefined ? null : this.editor.view.nodeDOM(position);
    if (!node?.scrollIntoView) return false;
    node.scrollIntoView({ block: "center", behavior });
    this.editor.chain().focus(position + 1, { scrollIntoView: false }).run();
    return true;
  }
}

// As articles.differences has it: on one line, a picture by its alt text.
function wordsOf(node) {
  const leaf = (each) => (each.type.name === "image" ? each.attrs.alt || "" : " ");
  const text = node.isLeaf ? leaf(node) : node.textBetween(0, node.content.size, " ", leaf);
  return text.replace(/\s+/g, " ").trim();
}

function find(blocks, quote, number) {
  const distance = (block) => Math.abs(block.number - number);
  const same = blocks.filter((block) => quote && block.text.startsWith(quote.trim()));
  const nearest = same.sort((one, other) => distance(one) - distance(other))[0];
  return (nearest ?? blocks[number - 1])?.position;
}

function grouped(places) {
  const groups = new Map();
  for (const [number, position] of places) groups.set(position, [...(groups.get(position) ?? []), number]);
  return groups;
}

function focusThread(number) {
  const thread = document.getElementById(`thread-${number}`);
  thread?.scrollIntoView({ block: "center", behavior });
  thread?.focus({ preventScroll: true });
}

// ---------------------------------------------------------------- @names

function completeNames(root) {
  const source = document.getElementById("talk-people") ?? root.querySelector("#talk-people");
  const people = JSON.parse(source?.textContent ?? "[]");
  for (const area of root.querySelectorAll("textarea[form=talk-form]")) new Names(area, people);
}

const KEYS = ["ArrowDown", "ArrowUp", "Enter", "Escape", "Tab"];

// A list under the field while an @name is typed: arrows and Enter, or a click.
class Names {
  constructor(area, people) {
    Object.assign(this, { area, people, active: 0, found: [] });
    this.list = document.createElement("ul");
    Object.assign(this.list, { className: "talk-people", hidden: true, id: `${area.id}-people` });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "@");
    area.after(this.list);
    area.setAttribute("aria-controls", this.list.id);
    area.setAttribute("aria-autocomplete", "list");
    area.addEventListener("keyup", (event) => KEYS.includes(event.key) || this.look());
    area.addEventListener("click", () => this.look());
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("blur", () => this.close());
  }

  typed() {
    return this.area.value.slice(0, this.area.selectionStart).match(/(?:^|[^\w.+@-])@([\w.+-]*)$/)?.[1];
  }

  look() {
    const typed = this.typed()?.toLowerCase();
    if (typed === undefined) return this.close();
    const fits = ([login, name]) => [login, ...name.split(" ")].some((part) => part.toLowerCase().startsWith(typed));
    this.found = this.people.filter(fits).slice(0, 6);
    this.active = 0;
    this.draw();
  }

  draw() {
    this.list.hidden = !this.found.length;
    this.list.replaceChildren(...this.found.map(([login, name], index) => this.option(login, name, index)));
    if (this.found.length) this.area.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
    else this.area.removeAttribute("aria-activedescendant");
  }

  option(login, name, index) {
    const item = document.createElement("li");
    Object.assign(item, { id: `${this.list.id}-${index}`, textContent: name ? `@${login} · ${name}` : `@${login}` });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(index === this.active));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take(login);
    });
    return item;
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.active = (this.active + step + this.found.length) % this.found.length;
    if (step) this.draw();
    if (event.key === "Enter" || event.key === "Tab") this.take(this.found[this.active][0]);
    if (event.key === "Escape") this.close();
    if (KEYS.includes(event.key)) event.preventDefault();
  }

  take(login) {
    const end = this.area.selectionStart;
    this.area.setRangeText(`${login} `, end - this.typed().length, end, "end");
    this.close();
  }

  close() {
    this.found = [];
    this.draw();
  }
}

// ---------------------------------------------------------------- the page

function beside(editor) {
  if (panel() && form && !margin && editor?.view) margin = new Margin(editor);
}

if (form) completeNames(document);
if (form && panel()) {
  form.addEventListener("submit", send);
  // What is typed here is no change of the article.
  const keep = (event) => event.target.form === form && event.stopPropagation();
  for (const kind of ["input", "change"]) document.addEventListener(kind, keep, true);
  document.addEventListener("change", forgetWords, true);
  panel().addEventListener("click", follow);
  document.addEventListener("prose-editor:ready", ({ detail }) => detail.textarea.id === "id_body" && beside(detail.editor));
  // The editor may have been ready before this script was.
  beside(document.querySelector(".field-body .ProseMirror")?.editor);
}
