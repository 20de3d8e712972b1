// Asking the desk's server: its answer, or the one word for why there is none.

const PATIENCE = 20_000;
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

// {status, ...JSON}; status "offline" (no answer), "logged_out", or the number of HTTP.
export async function ask(address, values = null, options = {}) {
  try {
    const answer = await fetch(address, {
      method: values ? "POST" : "GET",
      body: values && new URLSearchParams(values),
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
      ...options,
    });
    if (answer.type === "opaqueredirect") return { status: "logged_out" };
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { ...(isJson ? await answer.json() : {}), status: answer.status };
  } catch {
    return { status: "offline" };
  }
}

// Whoever logs in again has another token. Says whether it is the person whose page this is.
export async function refresh({ addresses, person }) {
  const answer = await ask(addresses.token);
  if (answer.status !== 200) return answer.status;
  if (answer.person !== person) return "other_person";
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = answer.token;
  return "ready";
}

export function tellOnLeaving(address, values) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token(), ...values })) body.append(name, value);
  navigator.sendBeacon(address, body);
}
