// The article's form: "Publish" says "Schedule" when the date lies ahead.
// What was not saved, and leaving with it, is saving.js's.

const publish = document.querySelector("input[name=_publish]");
const date = document.getElementById("id_published_at");
if (publish?.dataset.schedule && date) {
  const { publish: now, schedule } = publish.dataset;
  const say = () => (publish.value = date.value > publish.dataset.now ? schedule : now);
  date.addEventListener("input", say);
  say();
}

document.getElementById("id_headline")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault(); // one line, however long it is shown
});
