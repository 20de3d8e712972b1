// The preview beside the form: what stands in the form as readers will see it, as wide as a phone or a desktop, anew
// after every save and every pause in the writing. And the buttons that copy a guest's link.

const PAUSE = 1200; // milliseconds without a keystroke
const NARROW = matchMedia("(max-width: 1099px)");

function remembered(name, fallback) {
  try {
    return localStorage.getItem(`preview-${name}`) ?? fallback;
  } catch {
    return fallback; // a browser may forbid it; then each form begins anew
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`preview-${name}`, value);
  } catch {
    // as above
  }
}

const pane = document.getElementById("preview-pane");
const opener = document.querySelector("[data-preview]");
const form = document.getElementById("article_form");
if (pane && opener && form) {
  const room = pane.querySelector(".preview-room");
  const said = pane.querySelector(".preview-said");
  const edge = pane.querySelector(".preview-edge");
  const widths = [...pane.querySelectorAll("[data-width]")];
  let width = Number(remembered("width", 390));
  let frame = null;
  let asked = 0;
  let timer = 0;

  // The submit row makes a stacking context of its own; over the form on a phone the pane has to lie above it.
  document.body.append(pane);

  // ------------------------------------------------------------- what is shown

  async function refresh() {
    clearTimeout(timer);
    if (pane.hidden) return;
    const number = ++asked;
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(pane.dataset.address, { method: "POST", body: new FormData(form) });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = await answer.text();
      if (number === asked) show(page);
    } catch {
      if (number === asked) said.textContent = pane.dataset.failed;
    }
    if (number === asked) pane.removeAttribute("aria-busy");
  }

  // A new frame for each: going back in the browser leaves the form and not a preview. It takes the place of the one
  // before when it is painted, at the same place in the text. Nothing in it runs, and its links open beside.
  function show(page) {
    const next = document.createElement("iframe");
    next.title = pane.getAttribute("aria-label");
    next.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    next.addEventListener("load", () => {
      const inside = next.contentDocument;
      for (const link of inside.querySelectorAll('a[href^="#"]')) {
        link.target = "_self";
        link.href = `about:srcdoc${link.getAttribute("href")}`;
      }
      inside.addEventListener("keydown", (event) => event.key === "Escape" && close());
      if (frame) {
        next.contentWindow.scrollTo(0, frame.contentWindow.scrollY);
        frame.remove();
      }
      frame = next;
      frame.classList.add("preview-shown");
      said.textContent = "";
      fit();
    });
    next.srcdoc = page;
    for (const late of room.querySelectorAll("iframe:not(.preview-shown)")) late.remove();
    room.append(next);
    fit();
  }

  // As wide as the device, made smaller until it fits the pane.
  function fit() {
    const scale = Math.min(1, room.clientWidth / width);
    for (const each of room.querySelectorAll("iframe")) {
      each.style.inlineSize = `${width}px`;
      each.style.blockSize = `${room.clientHeight / scale}px`;
      each.style.transform = `scale(${scale})`;
      each.style.insetInlineStart = `${Math.max(0, (room.clientWidth - width * scale) / 2)}px`;
    }
  }

  function choose(wanted) {
    width = wanted;
    for (const button of widths) button.setAttribute("aria-pressed", String(Number(button.dataset.width) === width));
    remember("width", width);
    fit();
  }

  // ------------------------------------------------------------- the pane

  // Over the form, the form cannot be reached until the preview is closed; beside it, it can.
  function keepApart() {
    document.getElementById("container").inert = NARROW.matches && !pane.hidden;
  }

  function open({ focus = true } = {}) {
    pane.hidden = false;
    document.body.classList.add("previewing");
    keepApart();
    opener.setAttribute("aria-expanded", "true");
    remember("open", "yes");
    if (focus) pane.focus();
    choose(width);
    refresh();
  }

  function close() {
    pane.hidden = true;
    document.body.classList.remove("previewing");
    keepApart();
    opener.setAttribute("aria-expanded", "false");
    remember("open", "no");
    opener.focus();
  }

  function resize(percent) {
    const share = Math.round(Math.min(75, Math.max(25, percent)));
    document.documentElement.style.setProperty("--preview-share", `${share}vw`);
    edge.setAttribute("aria-valuenow", share);
    remember("share", share);
    fit();
  }

  const towards = () => (getComputedStyle(pane).direction === "rtl" ? -1 : 1);
  edge.addEventListener("pointerdown", (event) => {
    edge.setPointerCapture(event.pointerId);
    pane.classList.add("preview-resizing"); // else the frame takes the pointer
  });
  edge.addEventListener("pointermove", (event) => {
    if (!edge.hasPointerCapture(event.pointerId)) return;
    const across = towards() === 1 ? innerWidth - event.clientX : event.clientX;
    resize((across / innerWidth) * 100);
  });
  edge.addEventListener("lostpointercapture", () => pane.classList.remove("preview-resizing"));
  edge.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: 5, ArrowRight: -5 }[event.key];
    if (!step) return;
    event.preventDefault();
    resize(Number(edge.getAttribute("aria-valuenow")) + step * towards());
  });

  opener.setAttribute("role", "button");
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab was wanted
    event.preventDefault();
    if (pane.hidden) open();
    else close();
  });
  opener.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    opener.click();
  });
  pane.addEventListener("keydown", (event) => event.key === "Escape" && close());
  pane.querySelector("[data-close]").addEventListener("click", close);
  pane.querySelector("[data-refresh]").addEventListener("click", refresh);
  for (const button of widths) button.addEventListener("click", () => choose(Number(button.dataset.width)));
  new ResizeObserver(fit).observe(room);
  NARROW.addEventListener("change", keepApart);

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("picker:change", soon);
  document.addEventListener("magazine:saved", () => {
    if (!pane.dataset.address) arrive();
    refresh();
  });

  // A new piece has an address from its first save on, which then stands in the browser's bar.
  function arrive() {
    if (!location.pathname.endsWith("/change/")) return;
    const address = location.pathname.replace(/change\/$/, "preview/");
    pane.dataset.address = opener.href = pane.querySelector(".preview-bar a").href = address;
    opener.hidden = false;
    begin();
  }

  function begin() {
    if (remembered("open", "no") === "yes" && !NARROW.matches) open({ focus: false });
  }

  resize(Number(remembered("share", 45)) || 45);
  if (pane.dataset.address) begin();
}

// ------------------------------------------------------------- links of guests

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.focus(); // it is selected then, to be copied by hand
      return;
    }
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = words), 2000);
  });
}
