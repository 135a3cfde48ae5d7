import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertNothingCutOff } from "./support/accessibility";
import { expect } from "./support/expect";
import type { Person } from "./support/person";
import type { Screen } from "./support/session";
import { withPerson } from "./support/with-person";

/** The field and the buttons with which people talk to the assistant. */
for (const screen of ["desktop", "phone"] satisfies Screen[]) {
  describe(`the assistant's panel (${screen})`, function () {
    this.timeout(90_000);
    let page: Page;
    let ada: Person;
    const stop = () => page.getByRole("button", { name: "Stop", exact: true });

    withPerson(`assistant-panel-${screen}`, { screen }, async (person) => {
      [ada, page] = [person, person.page];
      await ada.signUp();
      await ada.openAssistant();
    });

    for (const [way, press] of [
      ["by mouse", () => stop().click()],
      ["by keyboard", () => stop().press("Enter")],
      ["by the space bar", () => stop().press("Space")],
    ] as const) {
      it(`stopping (${way}) sends nothing, and what is half typed stays`, async () => {
        const sent: string[] = [];
        // Never answered. What the browser asks reaches this process some time later.
        const { promise: asked, resolve: hear } = Promise.withResolvers<undefined>();
        await page.route("**/chat", (route) => {
          sent.push(route.request().postData() ?? "");
          hear(undefined);
        });
        await ada.message().fill("What do I have to do?");
        await ada.message().press("Enter");
        await expect(stop()).toBeVisible();
        await asked;
        await ada.message().fill("add pay 1000 euros to Bob");
        await press();
        await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
        await expect(ada.message()).toHaveValue("add pay 1000 euros to Bob");
        // A second message would be on its way by the next frame.
        await page.evaluate("new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))");
        assert.equal(sent.length, 1, `sent: ${sent.join("\n")}`);
        await ada.message().fill("");
      });
    }

    for (const [name, answer] of [
      [
        "too many messages",
        { status: 429, json: { detail: "Too many messages. Wait a minute before the next one." } },
      ],
      [
        "a word without end",
        { status: 503, json: { detail: `The model is away: ${"donaudampfschiff".repeat(8)}` } },
      ],
    ] as const) {
      it(`an error can be read (${name})`, async () => {
        await page.route("**/chat", (route) => route.fulfill(answer));
        await ada.message().fill("Add a task to buy bread");
        await ada.message().press("Enter");
        await expect(page.getByText(answer.json.detail).last()).toBeVisible();
        await assertNothingCutOff(page, name);
        const problem = page.getByRole("alert").filter({ hasText: answer.json.detail });
        const sign = await problem.last().locator("svg").boundingBox();
        assert.ok(sign !== null && sign.width <= 24, `the sign is ${sign?.width} px wide`);
      });
    }
  });
}
