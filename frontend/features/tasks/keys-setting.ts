/** Whether single keys do something: who speaks to their computer may want that they do not. */
const NAME = "single-keys";

export function keysAreOn(): boolean {
  try {
    return window.localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

export function setKeysOn(on: boolean): void {
  try {
    if (on) window.localStorage.removeItem(NAME);
    else window.localStorage.setItem(NAME, "off");
  } catch {
    // Not kept: then it is so for this page alone, and the keys go on.
  }
}
