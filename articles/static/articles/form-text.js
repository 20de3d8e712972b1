// The article's form as text: what is sent and kept of it, and how it is filled from that again. Other things that
// stand in the form (comments, choices in a conflict) have other names and are left alone.

export class FormText {
  constructor(form, names) {
    Object.assign(this, { form, names: new Set(names) });
    // A slug that follows the headline by itself was not written by anybody, and goes on following it.
    const { slug } = form.elements;
    form.addEventListener("formdata", ({ formData }) => slug?.dataset.follows !== undefined && formData.set("slug", ""));
  }

  // [[name, value], …] of what somebody writes.
  fields() {
    return [...new FormData(this.form)].filter(([name]) => this.names.has(name));
  }

  toString() {
    return JSON.stringify(this.fields());
  }

  isEmpty() {
    const { headline, body } = this.form.elements;
    return ![headline, body].some((field) => field?.value.replace(/<[^>]*>/g, "").trim());
  }

  // The slug first: while it is empty it follows the headline that is filled in after it.
  fill(fields) {
    const values = new Map(fields);
    const elements = [...this.form.elements].filter(({ name }) => this.names.has(name));
    elements.sort((one, other) => (other.name === "slug") - (one.name === "slug"));
    for (const element of elements) {
      if (element.type === "checkbox") element.checked = values.has(element.name);
      else element.value = values.get(element.name) ?? "";
      element.dispatchEvent(new CustomEvent("field:filled"));
      element.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
