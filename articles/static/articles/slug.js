// While a thing is new and nobody has typed a slug, the slug follows its name.
// The same letters as articles.addresses.slug_of; a test holds them equal.

const SPELT = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

function plain(letter) {
  const [base, ...marks] = letter.normalize("NFD");
  return marks.length && base <= "\x7f" ? base : (SPELT[letter] ?? letter);
}

// A mark stays with a letter that is not Latin; marks after anything else go.
const STRAY_MARKS = /(^|[^\p{L}\p{N}\p{Mn}\p{Mc}]|[\p{Script=Latin}0-9])[\p{Mn}\p{Mc}]+/gu;
// NFKC would take four letters of Thai and Lao apart.
const COMPATIBLE = /[^\u0e33\u0eb3\u0edc\u0edd]+/gu;

function slugOf(text, longest) {
  const seen = text.replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  const compatible = seen.replace(COMPATIBLE, (run) => run.normalize("NFKC")).toLowerCase();
  const letters = [...compatible.replace(STRAY_MARKS, "$1")].map(plain).join("").normalize("NFC");
  const slug = letters
    .replace(/[^\p{L}\p{N}\p{Mn}\p{Mc}_\s-]/gu, "")
    .replace(/[-\s]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "");
  return [...slug].slice(0, longest).join("").replace(/[-_]+$/, "");
}

for (const slug of document.querySelectorAll("[data-slug-of]")) {
  const name = document.getElementById(slug.dataset.slugOf);
  const longest = Math.min(100, slug.maxLength > 0 ? slug.maxLength : 100);
  let touched = slug.value !== "";
  slug.addEventListener("input", () => {
    touched = slug.value !== "";
    if (touched) delete slug.dataset.follows;
  });
  name?.addEventListener("input", () => {
    if (touched) return;
    slug.value = slugOf(name.value, longest);
    slug.dataset.follows = "";
  });
}
