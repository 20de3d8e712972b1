// The review room: a comment's field is ready to write in when it opens, a name is typed once, a first visit is noted.

const NAME = "room-name";

for (const details of document.querySelectorAll(".room-say")) {
  const text = details.querySelector("textarea");
  details.addEventListener("toggle", () => details.open && text.focus());
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
}

const names = document.querySelectorAll(".room-form [name=name]");
const store = (deed) => {
  try {
    return deed(sessionStorage);
  } catch {
    return null; // a browser may forbid it; then the name is typed again
  }
};
const known = store((storage) => storage.getItem(NAME));
for (const name of names) {
  if (known && !name.value) name.value = known;
  name.addEventListener("change", () => store((storage) => storage.setItem(NAME, name.value)));
}

// Programs that follow links in mail run no scripts for long: whoever is here after a moment is a reader.
const first = document.querySelector("form[data-first]");
if (first) {
  first.hidden = true;
  const read = new FormData(first);
  read.set("do", "seen");
  setTimeout(() => {
    fetch(location.pathname, { method: "POST", body: read, redirect: "manual" }).catch(() => (first.hidden = false));
  }, 3000);
}

// What was typed and not sent is asked about before it is lost.
let unsent = false;
document.addEventListener("input", (event) => (unsent ||= event.target.matches("textarea")));
document.addEventListener("submit", () => (unsent = false));
addEventListener("beforeunload", (event) => unsent && event.preventDefault());
