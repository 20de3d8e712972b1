/* The newsletter's forms answer where they stand; without this, or when it fails, they are sent as any other. */

function post(form) {
  return fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-Requested-With": "fetch", Accept: "text/html" },
  });
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function send(form, again = true) {
  const response = await post(form);
  if (!response.ok && response.status !== 422 && response.status !== 429) throw new Error(`${response.status}`);
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const stamp = template.content.querySelector("[name=stamp]");
  if (stamp) {
    form.elements.stamp.value = stamp.value;
    stamp.remove();
    if (again && stamp.dataset.wait) {
      // Nothing is wrong but that the reader was quick, or the page old: nobody needs to press twice for it.
      await pause(Number(stamp.dataset.wait));
      return send(form, false);
    }
  }
  return show(form, template.content, response);
}

function show(form, words, response) {
  const answer = form.querySelector(".answer");
  const field = form.elements.email;
  form.querySelectorAll(".error").forEach((error) => error.remove());
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
  answer.replaceChildren(words);
  if (response.status === 422) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "newsletter-error");
    field.focus();
    return;
  }
  if (response.ok) form.querySelectorAll(".field, .field-label, .small").forEach((part) => { part.hidden = true; });
  answer.tabIndex = -1;
  answer.focus({ preventScroll: true });
}

for (const form of document.querySelectorAll("form.sign-up")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    send(form).catch(() => form.submit()).finally(() => form.removeAttribute("aria-busy"));
  });
}

/* In the browser that signed up, confirming takes one step. A page that is only made ready for later does nothing. */
for (const form of document.querySelectorAll("form[data-at-once]")) {
  if (document.prerendering) document.addEventListener("prerenderingchange", () => form.requestSubmit(), { once: true });
  else form.requestSubmit();
}
