import assert from "node:assert/strict";
import type { Locator } from "playwright-core";

/** How long something may take to appear, in milliseconds; generous, as test machines are slow. */
const patience = 20_000;

/** What a person sees, waited for. */
export function expect(locator: Locator) {
  return {
    toBeVisible: () => locator.waitFor({ state: "visible", timeout: patience }),
    toBeHidden: () => locator.waitFor({ state: "hidden", timeout: patience }),
    toBeFocused: () => locator.and(locator.page().locator(":focus")).waitFor({ timeout: patience }),
    toBeChecked: (checked = true) =>
      eventually(async () => (await locator.isChecked()) === checked),
    toHaveValue: (value: string) => eventually(async () => (await locator.inputValue()) === value),
  };
}

/** Waits until `holds` does; fails with what it was. */
export async function eventually(holds: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `did not come true in ${patience} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
