import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { expect } from "./support/expect";
import type { Person } from "./support/person";
import { withPerson } from "./support/with-person";

/** Everything that matters, without touching a mouse. */
describe("by keyboard alone", function () {
  this.timeout(120_000);
  this.bail(true);
  let page: Page;
  let ada: Person;

  withPerson("keyboard", {}, (person) => {
    [ada, page] = [person, person.page];
  });

  /** Presses Tab until the focus is on something with this name. */
  async function tabTo(name: string | RegExp): Promise<void> {
    const seen: string[] = [];
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      const focused = await nameOfFocus();
      if (typeof name === "string" ? focused === name : name.test(focused)) {
        await assertFocusIsSeen(focused);
        return;
      }
      seen.push(focused);
    }
    assert.fail(`Tab never reached ${String(name)}; it went over ${seen.join(" | ")}`);
  }

  function nameOfFocus(): Promise<string> {
    return page.evaluate<string>(`(() => {
      const element = document.activeElement;
      const label = element.labels?.[0]?.textContent;
      return (element.getAttribute("aria-label") ?? label ?? element.textContent ?? "").trim();
    })()`);
  }

  /** WCAG 2.4.7 and 2.4.11: the focus has an outline, and nothing lies over it. */
  async function assertFocusIsSeen(name: string): Promise<void> {
    const [outline, covered] = await page.evaluate<[string, boolean]>(`(() => {
      const element = document.activeElement;
      const box = element.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const related = top && (element.contains(top) || top.contains(element) || element.labels?.[0]?.contains(top));
      const styles = [element, element.closest("label")].map((each) => each && getComputedStyle(each).outlineStyle);
      return [styles.find((style) => style && style !== "none") ?? "none", !related];
    })()`);
    assert.notEqual(outline, "none", `${name} shows no focus`);
    assert.ok(!covered, `${name} has the focus, but something covers it`);
  }

  it("register", async () => {
    await page.goto("/");
    await tabTo("Create an account");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/sign-up");
    await tabTo("Email");
    await page.keyboard.type(ada.email);
    // What is typed after the address is the password: nothing may stand between the two.
    await page.keyboard.press("Tab");
    await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
    await page.keyboard.type(ada.password);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/tasks");
  });

  it("add two tasks; the focus stays in the field", async () => {
    await tabTo("New task");
    await page.keyboard.type("Buy milk");
    await page.keyboard.press("Enter");
    await expect(ada.task("Buy milk")).toBeVisible();
    await page.keyboard.type("Pay the rent tomorrow");
    await page.keyboard.press("Enter");
    await expect(ada.task("Pay the rent")).toBeVisible();
    await expect(page.getByLabel("New task", { exact: true })).toBeFocused();
  });

  it("edit one; the focus comes back to it", async () => {
    await tabTo("Edit “Pay the rent”");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Title")).toBeFocused();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("Pay the new rent");
    await page.keyboard.press("Enter");
    await expect(ada.task("Pay the new rent")).toBeFocused();
  });

  it("leave the editor with Escape; nothing has changed", async () => {
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Title")).toBeFocused();
    await page.keyboard.type("!!!");
    await page.keyboard.press("Escape");
    await expect(ada.task("Pay the new rent")).toBeFocused();
  });

  it("tick one off; the focus goes to the next one", async () => {
    await ada.tick("Pay the new rent").focus();
    await page.keyboard.press("Space");
    await expect(ada.tick("Pay the new rent")).toBeHidden();
    await expect(ada.tick("Buy milk")).toBeFocused();
    await ada.showDone();
    await expect(ada.tick("Pay the new rent")).toBeChecked();
  });

  it("delete one, and take it back", async () => {
    await ada.tick("Buy milk").focus();
    await tabTo("Delete “Buy milk”");
    await page.keyboard.press("Enter");
    await expect(ada.task("Buy milk")).toBeHidden();
    await expect(ada.tick("Pay the new rent")).toBeFocused();
    await tabTo("Undo");
    // Shown at once, kept a moment later: the next step loads the page anew, which would cut the request off.
    const kept = page.waitForResponse((answer) => answer.url().endsWith("/restore"));
    await page.keyboard.press("Enter");
    await expect(ada.tick("Buy milk")).toBeFocused();
    assert.ok((await kept).ok());
  });

  it("talk to the assistant, answer its question, close it", async () => {
    await page.reload();
    await expect(ada.task("Buy milk")).toBeVisible();
    await tabTo("Assistant");
    await page.keyboard.press("Enter");
    await expect(ada.message()).toBeFocused();
    await page.keyboard.type("Delete Buy milk");
    await page.keyboard.press("Enter");
    const yes = page.getByRole("button", { name: "Yes, delete" });
    await expect(yes).toBeVisible();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await expect(yes).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(ada.task("Buy milk")).toBeHidden();
    await expect(ada.message()).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Assistant", exact: true })).toBeFocused();
  });

  it("sign out", async () => {
    await tabTo("Sign out");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/");
  });
});
