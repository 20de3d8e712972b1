/* Keep reading: a teaser's link to its article opens the rest of the article in place, and closes it again.

   The history gets an entry with the article's address for each teaser opened; its state names the page the teasers
   stand on and which are open. Back closes, forward opens again. Where anything fails, the link is a link. */

const here = location.pathname + location.search;
const title = document.title;
const words = document.querySelector("p#announcements[role=status]");
const controls = new Map();
const whereOpened = new Map();
let opened = [];
let depth = 0;
let recorded = here;

const restOf = (control) => document.getElementById(control.getAttribute("aria-controls"));
const stateNow = () => ({ base: here, open: [...opened], depth });
const ourState = () => (history.state?.base === here ? history.state : null);

function announce(text) {
  words.textContent = text;
}

/* The ids of the rest become its own, since the page may hold them already; links in the teaser follow them. */
function ownIds(control) {
  const prefix = `article-${control.dataset.article}-`;
  const rest = restOf(control);
  for (const element of rest.querySelectorAll("[id]")) element.id = prefix + element.id;
  for (const link of rest.parentElement.querySelectorAll('a[href*="#"]')) {
    const href = link.getAttribute("href");
    const isInside = href.startsWith("#") || link.href.startsWith(`${control.href}#`);
    if (isInside) link.setAttribute("href", `#${prefix}${href.split("#")[1]}`);
  }
}

async function fetchRest(control) {
  const response = await fetch(control.dataset.rest, { headers: { "X-Requested-With": "fetch" } });
  if (!response.ok) throw new Error(`${control.dataset.rest}: ${response.status}`);
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  restOf(control).append(template.content);
  ownIds(control);
}

async function fetchOnce(control) {
  if (restOf(control).hasChildNodes()) return;
  control.setAttribute("aria-busy", "true");
  const patience = setTimeout(announce, 600, words.dataset.opening);
  try {
    await fetchRest(control);
  } finally {
    clearTimeout(patience);
    announce("");
    control.removeAttribute("aria-busy");
  }
}

/* Shows the rest and puts the reader at its beginning, which stands where the control stood. */
async function open(control) {
  await fetchOnce(control);
  whereOpened.set(control, control.getBoundingClientRect().top);
  opened.push(control.dataset.article);
  restOf(control).hidden = false;
  control.setAttribute("aria-expanded", "true");
  control.querySelector(".words").textContent = words.dataset.less;
  restOf(control).focus({ preventScroll: true });
}

/* Hides the rest and puts the control, and the reader, where they were when it was pressed. */
function close(control) {
  opened = opened.filter((id) => id !== control.dataset.article);
  restOf(control).hidden = true;
  control.setAttribute("aria-expanded", "false");
  control.querySelector(".words").textContent = control.dataset.more;
  control.focus({ preventScroll: true });
  const place = Math.min(Math.max(whereOpened.get(control), 0), innerHeight - 60);
  const settle = () => scrollBy({ top: control.getBoundingClientRect().top - place, behavior: "instant" });
  settle();
  requestAnimationFrame(settle); // the browser may put its own idea of the place between
}

/* The address and the title are those of the article opened last, or the page's own. */
function record(method, hash = "") {
  const last = controls.get(opened.at(-1));
  history[method](stateNow(), "", (last ? last.href : here) + hash);
  recorded = location.pathname + location.search;
  document.title = last ? last.dataset.headline : title;
}

async function keepReading(control) {
  try {
    await open(control);
  } catch {
    location.assign(control.href);
    return;
  }
  if (!ourState()) {
    depth = 0;
    history.replaceState({ ...stateNow(), open: [] }, "");
  }
  depth += 1;
  record("pushState");
}

function showLess(control) {
  const isOnTop = depth > 0 && !location.hash && ourState()?.open.at(-1) === control.dataset.article;
  if (isOnTop) {
    history.back(); // `follow` closes it
  } else {
    close(control);
    record("replaceState");
  }
}

function press(control) {
  if (control.hasAttribute("aria-busy")) return;
  if (control.getAttribute("aria-expanded") === "true") showLess(control);
  else keepReading(control);
}

async function follow({ state }) {
  if (!state && location.pathname + location.search === recorded) {
    history.replaceState(stateNow(), ""); // a link led to another place of this page
    return;
  }
  if (state?.base !== here) {
    location.reload();
    return;
  }
  const forward = state.depth > depth;
  depth = state.depth;
  for (const id of [...opened].reverse()) if (!state.open.includes(id)) close(controls.get(id));
  for (const id of forward ? state.open : []) {
    if (!opened.includes(id)) await open(controls.get(id)).catch(() => location.reload());
  }
  record("replaceState", location.hash);
}

function prepare(link) {
  const id = link.dataset.article;
  if (controls.has(id)) return;
  controls.set(id, link);
  const rest = document.createElement("div");
  Object.assign(rest, { id: `rest-${id}`, className: "rest prose", tabIndex: -1, hidden: true });
  rest.setAttribute("role", "group");
  rest.setAttribute("aria-label", `${words.dataset.rest} ${link.dataset.headline}`);
  link.closest(".keep").before(rest);
  link.dataset.more = link.querySelector(".words").textContent;
  link.setAttribute("role", "button");
  link.setAttribute("aria-controls", rest.id);
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    press(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    press(link);
  });
}

document.querySelectorAll("a.keep-reading").forEach(prepare);
addEventListener("popstate", follow);
