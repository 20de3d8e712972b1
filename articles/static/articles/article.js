// The article's form: "Publish" says "Schedule" when the date lies ahead; leaving with unsaved changes is asked about.

const publish = document.querySelector("input[name=_publish]");
const date = document.getElementById(publish?.dataset.moment);
if (publish && date) {
  const { publish: now, schedule } = publish.dataset;
  const say = () => (publish.value = date.value > publish.dataset.now ? schedule : now);
  date.addEventListener("input", say);
  say();
}

document.getElementById("id_headline")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault(); // one line, however long it is shown
});

const form = document.getElementById("article_form");
if (form) {
  let changed = false;
  form.addEventListener("input", (event) => (changed ||= event.isTrusted || event.target.id === "id_body"));
  form.addEventListener("picker:change", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => changed && event.preventDefault());
}
