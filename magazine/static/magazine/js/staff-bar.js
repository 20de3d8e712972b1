/* For staff who look at the site as of another instant: links within the site keep it. */

const at = new URLSearchParams(location.search).get("at");

function keep(link) {
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || url.pathname.startsWith("/admin/") || "now" in link.dataset) return;
  if (link.getAttribute("href").startsWith("#")) return;
  url.searchParams.set("at", at);
  link.href = url;
  if (link.dataset.rest) link.dataset.rest += `?at=${encodeURIComponent(at)}`;
}

if (at && document.querySelector(".staff-bar [data-now]")) {
  document.querySelectorAll("a[href]").forEach(keep);
  for (const form of document.querySelectorAll("form[method=get]:not(.staff-bar form)")) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "at", value: at });
    form.append(field);
  }
}
