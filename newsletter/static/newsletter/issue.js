// The form of an issue: pieces are put in order by dragging or by buttons, left out and taken back, and come in as they
// are chosen. Every button is one of the form's own, which does the same on the server where this does not run.

const form = document.querySelector("[data-issue-form]");
const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

if (form) {
  const list = form.querySelector("[data-pieces]");
  const left = form.querySelector("[data-left]");
  const out = form.querySelector("[data-out]");
  const adding = form.querySelector("[data-add]");
  const status = form.querySelector("[data-status]");
  const total = form.querySelector('[name="items-TOTAL_FORMS"]');
  const field = (row, name) => row.querySelector(`[name="items-${row.dataset.piece}-${name}"]`);
  const titleOf = (row) => row.querySelector(".piece-title").textContent.trim();
  let dirty = form.dataset.dirty !== undefined;
  let dragged = null;

  // ------------------------------------------------------------- what is not saved

  function change() {
    dirty = true;
    form.querySelector("[data-dirty-words]").textContent = form.dataset.changed;
  }

  form.addEventListener("input", change);
  form.addEventListener("picker:change", change);
  form.addEventListener("submit", () => (dirty = false));
  form.querySelector("[data-leave]")?.addEventListener("click", () => (dirty = false));
  addEventListener("beforeunload", (event) => dirty && event.preventDefault());
  if (dirty) change();

  // ------------------------------------------------------------- the order

  function number() {
    [...list.children].forEach((row, place) => {
      field(row, "place").value = place + 1;
      row.querySelector('[data-act="up"]').disabled = place === 0;
      row.querySelector('[data-act="down"]').disabled = place === list.children.length - 1;
    });
    form.querySelector("[data-count]").textContent = list.children.length;
    form.querySelector("[data-none]").hidden = list.children.length > 0;
    out.hidden = left.children.length === 0;
  }

  function changed(words, row) {
    number();
    change();
    const place = [...list.children].indexOf(row) + 1;
    status.textContent = say(words, { text: titleOf(row), number: place, all: list.children.length });
  }

  // The focus stays on the button that was pressed, or goes to its neighbour at either end.
  function step(row, way) {
    if (way === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    changed(form.dataset.moved, row);
    const other = way === "up" ? "down" : "up";
    const buttons = [way, other].map((name) => row.querySelector(`[data-act=${name}]`));
    buttons.find((button) => !button.disabled)?.focus();
  }

  function drop(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    field(row, "left_out").value = "1";
    left.append(row);
    changed(form.dataset.dropped, row);
    (next ?? left.lastElementChild).querySelector(next ? '[data-act="drop"]' : '[data-act="back"]').focus();
  }

  function takeBack(row) {
    field(row, "left_out").value = "";
    list.append(row);
    changed(form.dataset.taken, row);
    row.querySelector('[data-act="drop"]').focus();
  }

  const ACTS = { up: (row) => step(row, "up"), down: (row) => step(row, "down"), drop, back: takeBack };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-piece] [data-act]");
    if (!button || !(button.dataset.act in ACTS)) return;
    const row = button.closest("[data-piece]");
    if (row.querySelector(".picker")?.contains(button)) return; // the picker of a picture has such buttons too
    event.preventDefault();
    ACTS[button.dataset.act](row);
  });

  // ------------------------------------------------------------- dragging

  form.addEventListener("dragstart", (event) => {
    const handle = event.target.closest?.(".piece-handle");
    if (!handle) return;
    dragged = handle.closest("[data-piece]");
    dragged.classList.add("piece-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", titleOf(dragged));
    event.dataTransfer.setDragImage(dragged, 0, 0);
  });
  form.addEventListener("dragend", () => {
    dragged?.classList.remove("piece-dragged");
    dragged = null;
    unmark();
  });

  function unmark() {
    for (const row of list.querySelectorAll(".piece-before, .piece-after")) row.classList.remove("piece-before", "piece-after");
  }

  function upperHalf(row, event) {
    const { top, height } = row.getBoundingClientRect();
    return event.clientY < top + height / 2;
  }

  list.addEventListener("dragover", (event) => {
    const row = event.target.closest("[data-piece]");
    if (!dragged || !row) return;
    event.preventDefault();
    unmark();
    if (row !== dragged) row.classList.add(upperHalf(row, event) ? "piece-before" : "piece-after");
  });
  list.addEventListener("drop", (event) => {
    const row = event.target.closest("[data-piece]");
    if (!dragged || !row) return;
    event.preventDefault();
    if (row === dragged) return;
    if (upperHalf(row, event)) row.before(dragged);
    else row.after(dragged);
    field(dragged, "left_out").value = "";
    changed(form.dataset.moved, dragged);
  });

  // ------------------------------------------------------------- new pieces

  async function rowOf(article) {
    const place = Number(total.value);
    const answer = await fetch(form.dataset.row.replace(/0\/0\/$/, `${article}/${place}/`));
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    total.value = place + 1;
    return document.adoptNode(page.querySelector("[data-piece]"));
  }

  async function add(article) {
    const there = form.querySelector(`[data-piece][data-article="${article}"]`);
    if (there && left.contains(there)) return takeBack(there);
    if (there) return there.scrollIntoView({ block: "center" });
    const row = await rowOf(article);
    list.append(row);
    row.dispatchEvent(new CustomEvent("form:grown", { bubbles: true }));
    changed(form.dataset.added, row);
  }

  let waiting = Promise.resolve();
  adding.addEventListener("picker:change", () => {
    const holder = adding.querySelector("textarea");
    const chosen = holder.value.split("\n").map((line) => line.trim()).filter(Boolean);
    if (!chosen.length) return;
    waiting = waiting.then(async () => {
      try {
        for (const article of chosen) await add(article);
        holder.value = "";
        holder.dispatchEvent(new CustomEvent("field:filled"));
      } catch {
        status.textContent = form.dataset.failed; // it stays in the field and comes with the next save
        status.classList.remove("visually-hidden");
      }
    });
  });

  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-piece]");
    if (!row || event.target !== field(row, "title")) return;
    row.querySelector("[data-title]").textContent = event.target.value.trim() || event.target.placeholder;
  });

  number();
}

// ------------------------------------------------------------- how long until it goes

for (const moment of document.querySelectorAll("[data-countdown]")) {
  const at = new Date(moment.dateTime);
  const units = new Intl.NumberFormat(document.documentElement.lang || undefined, { minimumIntegerDigits: 2 });
  const tick = () => {
    const seconds = Math.round((at - Date.now()) / 1000);
    if (seconds <= 0) {
      moment.textContent = moment.dataset.over;
      clearInterval(timer);
      return;
    }
    if (seconds >= 86_400) return; // days ahead, the words of the server say it better
    const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
    moment.textContent = say(moment.dataset.words, { time: parts.map((part) => units.format(part)).join(":") });
  };
  const timer = setInterval(tick, 1000);
  tick();
}
