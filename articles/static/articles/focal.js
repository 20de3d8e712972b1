// The focal point of a picture: a click on it fills in the numbers, and the numbers move the mark.

const stage = document.querySelector("[data-focal]");
const across = document.getElementById("id_focal_x");
const down = document.getElementById("id_focal_y");
const upload = document.getElementById("id_upload");

function markFocus() {
  const picture = stage.querySelector("img");
  const mark = document.createElement("span");
  mark.className = "focal-mark";
  mark.hidden = picture.hidden;
  stage.append(mark);

  const place = () => {
    mark.style.left = `${across.value}%`;
    mark.style.top = `${down.value}%`;
  };
  const percent = (at, size) => Math.round(Math.min(100, Math.max(0, (at / size) * 100)));
  stage.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    across.value = percent(event.clientX - box.left, box.width);
    down.value = percent(event.clientY - box.top, box.height);
    place();
  });
  across.addEventListener("input", place);
  down.addEventListener("input", place);
  upload?.addEventListener("change", () => {
    const [file] = upload.files;
    if (!file) return;
    picture.src = URL.createObjectURL(file);
    picture.removeAttribute("width");
    picture.removeAttribute("height");
    picture.hidden = mark.hidden = false;
  });
  place();
}

if (stage && across && down) markFocus();
