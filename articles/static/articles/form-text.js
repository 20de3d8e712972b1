// The article's form as text: what is sent and kept of it, and how it is filled from that again.

const APART = new Set(["csrfmiddlewaretoken", "base", "sitting", "_continue", "_popup", "_to_field"]);
const isContent = (name) => !APART.has(name) && !name.startsWith("pick_") && !name.startsWith("initial-");

// [[name, value], …] of what somebody writes.
export function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => isContent(name) && typeof value === "string");
}

// A slug that follows the headline by itself was not written by anybody, and goes on following it.
export function leaveSlugOpen(form) {
  const slug = form.elements.slug;
  form.addEventListener("formdata", ({ formData }) => slug?.dataset.follows !== undefined && formData.set("slug", ""));
}

// The slug first: while it is empty it follows the headline that is filled in after it.
export function fill(form, fields) {
  const values = new Map(fields);
  const elements = [...form.elements].filter(({ name, type }) => name && isContent(name) && !/submit|button|fieldset/.test(type));
  elements.sort((one, other) => (other.name === "slug") - (one.name === "slug"));
  for (const element of elements) {
    if (element.type === "checkbox") element.checked = values.has(element.name);
    else element.value = values.get(element.name) ?? "";
    element.dispatchEvent(new CustomEvent("field:filled"));
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export const hasText = (fields) =>
  fields.some(([name, value]) => (name === "headline" || name === "body") && value.replace(/<[^>]*>/g, "").trim());
