import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 A and AA, and what axe's authors think good besides. */
const options = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  // Frames would be examined too; there are none.
  iframes: false,
};

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Examines the page as it is now, and fails with all that is wrong and where. */
export async function assertAccessible(page: Page, state: string): Promise<void> {
  // Half-faded colours are nobody's fault.
  await page.evaluate(
    "Promise.all(document.getAnimations().filter((a) => a.effect.getTiming().iterations !== Infinity).map((a) => a.finished))",
  );
  await page.evaluate(axe);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, ${JSON.stringify(options)}).then((found) => found.violations)`,
  );
  const told = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ target, failureSummary }) => `  ${target.join(" ")}: ${failureSummary}`).join("\n")}`,
  );
  assert.equal(told.length, 0, `${state}: ${told.join("\n")}`);
  await assertNoSidewaysScrolling(page, state);
  await assertNothingCutOff(page, state);
}

/** What scrolls up and down holds nothing that is wider than itself: that part could not be read. */
export async function assertNothingCutOff(page: Page, state: string): Promise<void> {
  const tooWide = await page.evaluate<string[]>(`
    Array.from(document.querySelectorAll("body *"))
      .filter((each) => each.checkVisibility() && !each.closest("pre"))
      .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowX))
      .filter((each) => each.scrollWidth > each.clientWidth && each.clientWidth > 0)
      .map((each) => (each.getAttribute("aria-label") ?? each.id ?? each.className) +
        ": " + each.scrollWidth + " px in " + each.clientWidth)`);
  assert.deepEqual(tooWide, [], `${state}: cut off`);
}

/** Reflow (WCAG 1.4.10): nothing is wider than the screen. */
async function assertNoSidewaysScrolling(page: Page, state: string): Promise<void> {
  const [content, screen] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  assert.ok(content <= screen, `${state}: the page is ${content} px wide on ${screen} px`);
}
