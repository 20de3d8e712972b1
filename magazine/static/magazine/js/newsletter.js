/* The newsletter box answers where it stands; without this, or when it fails, the form is sent as any other. */

async function send(form) {
  const answer = form.querySelector(".answer");
  const field = form.elements.email;
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-Requested-With": "fetch", Accept: "text/html" },
  });
  if (!response.ok && response.status !== 422) throw new Error(`${response.status}`);
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  form.querySelectorAll(".error").forEach((error) => error.remove());
  answer.replaceChildren(template.content);
  if (response.ok) {
    form.querySelector(".field").hidden = true;
    form.querySelector(".field-label").hidden = true;
    answer.tabIndex = -1;
    answer.focus({ preventScroll: true });
  } else {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "newsletter-error");
    field.focus();
  }
}

for (const form of document.querySelectorAll("form.sign-up")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    send(form).catch(() => form.submit()).finally(() => form.removeAttribute("aria-busy"));
  });
}
