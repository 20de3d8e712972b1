// While a thing is new and nobody has typed a slug, the slug follows its name.
// The same letters as articles.addresses.slug_of.

const SPELT = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

function plain(letter) {
  const [base, ...marks] = letter.normalize("NFD");
  return marks.length && base <= "\x7f" ? base : (SPELT[letter] ?? letter);
}

function slugOf(text, longest) {
  const letters = [...text.normalize("NFKC").toLowerCase()].map(plain).join("");
  return letters
    .replace(/[^\p{L}\p{N}_\s-]/gu, "")
    .trim()
    .replace(/[-\s]+/g, "-")
    .slice(0, longest)
    .replace(/^[-_]+|[-_]+$/g, "");
}

for (const slug of document.querySelectorAll("[data-slug-of]")) {
  const name = document.getElementById(slug.dataset.slugOf);
  const longest = Math.min(100, slug.maxLength > 0 ? slug.maxLength : 100);
  let touched = slug.value !== "";
  slug.addEventListener("input", () => (touched = slug.value !== ""));
  name?.addEventListener("input", () => {
    if (!touched) slug.value = slugOf(name.value, longest);
  });
}
