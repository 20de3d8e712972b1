// How long a headline, a dek or a text for search engines is: good from a number on, too long above another.

function count(field) {
  const { countFrom: from, countTo: to } = field.dataset;
  const note = document.createElement("span");
  note.className = "counter";
  note.id = `${field.id}_count`;
  field.after(note);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());

  const show = () => {
    const length = [...field.value].length;
    note.dataset.is = length > to ? "long" : length >= from ? "good" : "short";
    note.textContent = `${length} / ${to}`;
  };
  field.addEventListener("input", show);
  show();
}

const build = (page) => page.querySelectorAll("[data-count-to]").forEach(count);

build(document);
document.addEventListener("form:grown", (event) => build(event.target));
