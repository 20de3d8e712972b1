// The list before publishing, beside the form: made anew after each save by itself, and the links asked on a click.

const panel = document.querySelector("[data-checklist]");

async function load(options) {
  const status = panel.querySelector("[data-checks-status]");
  try {
    const answer = await fetch(`${panel.dataset.checklist}?part`, options);
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    panel.querySelector("[data-checks]").innerHTML = await answer.text();
    status.textContent = "";
  } catch {
    status.textContent = status.dataset.failed;
  }
}

if (panel) {
  document.addEventListener("magazine:saved", () => load());
  panel.addEventListener("click", (event) => {
    const link = event.target.closest("[data-ask-links]");
    if (!link) return;
    event.preventDefault();
    const status = panel.querySelector("[data-checks-status]");
    status.textContent = link.textContent = status.dataset.asking;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    load({ method: "POST", body });
  });
}
