import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { eventually, expect } from "./support/expect";
import { Person } from "./support/person";
import { baseUrl, visitor } from "./support/session";
import { slowSite } from "./support/slow-site";
import { loadWithoutList } from "./support/without-list";
import { withPerson } from "./support/with-person";

/** What a person sees when the network, the server or the session does not play along. */
describe("when something goes wrong", function () {
  this.timeout(90_000);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let ada: Person;

  withPerson("resilience", {}, async (person, opened) => {
    [ada, browser, page] = [person, opened, person.page];
    context = page.context();
    await ada.signUp();
    await ada.addTask("Buy milk");
  });

  it("a tick that the server refuses is taken back, and can be tried again", async () => {
    await page.route("**/complete", (route) =>
      route.fulfill({ status: 500, json: { detail: "The server is out of order." } }),
    );
    await ada.tick("Buy milk").click();
    await expect(page.getByText("The server is out of order.")).toBeVisible();
    await expect(ada.tick("Buy milk")).toBeChecked(false);
    await page.unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await ada.showDone();
    await expect(ada.tick("Buy milk")).toBeChecked();
  });

  it("a task that could not be added is back in the field, word for word", async () => {
    await page.route("**/tasks", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    const field = page.getByLabel("New task", { exact: true });
    await field.fill("Call Ada tomorrow");
    await field.press("Enter");
    await expect(page.getByText("“Call Ada” was not added.")).toBeVisible();
    await expect(field).toHaveValue("Call Ada tomorrow");
    await expect(ada.task("Call Ada")).toBeHidden();
    await field.fill("");
    await page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
  });

  it("without a network the list stays, and says so", async () => {
    await context.setOffline(true);
    await expect(page.getByText("You are offline.")).toBeVisible();
    await expect(ada.task("Buy milk")).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText("You are offline.")).toBeHidden();
  });

  it("a deletion can be undone, and the task is the same one", async () => {
    const before = await ada.tick("Buy milk").getAttribute("id");
    await page.getByRole("button", { name: "Delete “Buy milk”" }).click();
    await expect(ada.task("Buy milk")).toBeHidden();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(ada.task("Buy milk")).toBeVisible();
    await ada.changesArrived();
    await page.reload();
    await ada.showDone();
    await expect(ada.task("Buy milk")).toBeVisible();
    assert.equal(await ada.tick("Buy milk").getAttribute("id"), before);
  });

  it("a change is made although its page is closed right after it", async () => {
    await ada.addTask("Post the letter");
    const site = await slowSite(baseUrl());
    const elsewhere = await (await visitor(browser, { url: site.url })).newPage();
    try {
      const visit = new Person(elsewhere);
      await visit.signIn(ada);
      await expect(visit.tick("Post the letter")).toBeVisible();
      site.delay = 500;
      await visit.tick("Post the letter").click();
      await elsewhere.close();
    } finally {
      await pause(2 * site.delay);
      await site.close();
    }
    await page.reload();
    await ada.showDone();
    await expect(ada.tick("Post the letter")).toBeChecked();
  });

  it("stopping the assistant keeps what was said, and the next message works", async () => {
    await ada.openAssistant();
    await page.route("**/chat", () => undefined);
    await ada.message().fill("What do I have to do?");
    await ada.message().press("Enter");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(page.getByText("Stopped here.")).toBeVisible();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await ada.say("Add a task to buy bread");
    await expect(page.getByText(/^Added “[^”]*”$/)).toBeVisible();
  });

  it("a turn whose answer was lost is sent again as the same turn, and acts once", async () => {
    const turns: string[] = [];
    await page.route("**/chat", async (route) => {
      const { turn_id: turn } = route.request().postDataJSON() as { turn_id: string };
      turns.push(turn);
      if (turns.length > 1) return route.continue();
      // The server does the work; the answer never arrives.
      await route.fetch();
      return route.abort();
    });
    await ada.say("Add a task to buy eggs");
    await page.getByRole("button", { name: "Try again" }).click();
    await ada.answered();
    await eventually(async () => (await page.getByText(/^Added “.*eggs”$/i).count()) > 0);
    assert.equal(turns.length, 2);
    assert.equal(turns[0], turns[1]);
    await ada.closeAssistant();
    await page.reload();
    await expect(page.getByRole("button", { name: /^Edit “.*eggs”$/i })).toBeVisible();
    assert.equal(await page.getByRole("button", { name: /^Edit “.*eggs”$/i }).count(), 1);
  });

  it("a session that ends leads back to where one was, with the unsent words", async () => {
    await page.getByRole("button", { name: "Done", exact: true }).click();
    await page.getByLabel("New task", { exact: true }).fill("Not sent yet");
    // The page notices by itself: it follows what others change.
    await context.clearCookies();
    await page.waitForURL(/sign-in/);
    await expect(page.getByText("Your session has ended.")).toBeVisible();
    await ada.giveCredentials("Sign in");
    assert.equal(new URL(page.url()).searchParams.get("view"), "done");
    await expect(page.getByLabel("New task", { exact: true })).toHaveValue("Not sent yet");
  });

  it("what one person has typed is not shown to the next one", async () => {
    await ada.signOut();
    const bob = new Person(page);
    await bob.signUp();
    await expect(page.getByLabel("New task", { exact: true })).toHaveValue("");
  });

  it("nothing moves while the list is loading", async () => {
    await ada.signOut();
    await ada.signIn();
    await page.route("**/api/*/tasks?*", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await route.continue();
    });
    await page.addInitScript(`
      window.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
    `);
    await loadWithoutList(page);
    await expect(page.getByRole("button", { name: /^Edit “.*eggs”$/i })).toBeVisible();
    const shifts = await page.evaluate<number>("window.shifts");
    // 0.1 is what the Web Vitals call good; the rows that replace their picture are all there is.
    assert.ok(shifts < 0.05, `things moved: ${shifts}`);
  });
});
