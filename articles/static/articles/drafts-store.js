// Text that is not on the server yet, kept in this browser: one copy for each sitting (one form opened by one person).

const PREFIX = "magazine:kept:";
const OLD = 30 * 24 * 3600 * 1000;

const keyOf = (copy) => `${PREFIX}${copy.person}:${copy.article ?? "new"}:${copy.sitting}`;
const living = (sitting) => `magazine:sitting:${sitting}`;

// Whether it is kept: a browser may have no room, or no storage at all.
export function put(copy) {
  const text = JSON.stringify(copy);
  try {
    localStorage.setItem(keyOf(copy), text);
    return true;
  } catch {
    return makeRoom() && put(copy);
  }
}

export function drop(copy) {
  try {
    localStorage.removeItem(keyOf(copy));
  } catch {
    // without storage there is nothing to drop
  }
}

// What waits here, the latest first; of one person's article ("new": of those not begun), or all.
export function waiting(person = null, article = null) {
  const wanted = person === null ? PREFIX : `${PREFIX}${person}:${article ?? "new"}:`;
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(wanted))
      .map((key) => JSON.parse(localStorage.getItem(key)))
      .sort((one, other) => other.at - one.at);
  } catch {
    return [];
  }
}

// What has waited for a month gives way to what is being written.
function makeRoom() {
  const given = waiting().filter((copy) => copy.at < Date.now() - OLD);
  given.forEach(drop);
  return given.length > 0;
}

// A tab says that it lives by holding a lock of the browser, which falls with the tab. Without TLS there are none.
export const canTell = Boolean(navigator.locks);

export function live(sitting) {
  navigator.locks?.request(living(sitting), { ifAvailable: true }, (lock) => lock && new Promise(() => {}));
}

export async function lives(sitting) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some((lock) => lock.name === living(sitting));
}
