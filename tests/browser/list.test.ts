import assert from "node:assert/strict";
import type { Browser, BrowserContext, Locator, Page, Request } from "playwright-core";
import { Elsewhere } from "./support/elsewhere";
import { eventually, expect } from "./support/expect";
import { Person } from "./support/person";
import { visitor } from "./support/session";
import { withPerson } from "./support/with-person";

const day = 24 * 60 * 60 * 1000;

/** The list of tasks, as somebody uses it all day. */
describe("the list", function () {
  this.timeout(90_000);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let ada: Person;
  let elsewhere: Elsewhere;

  withPerson("list", {}, async (person, opened) => {
    [ada, browser, page] = [person, opened, person.page];
    context = page.context();
    await ada.signUp();
    elsewhere = await Elsewhere.of(page);
  });

  /** Empties the list and puts these tasks in it, as another program would; days from today, undefined for no date. */
  async function listOf(tasks: Record<string, number | undefined>): Promise<void> {
    await ada.changesArrived();
    for (const old of await elsewhere.list()) await elsewhere.remove(old);
    for (const [title, days] of Object.entries(tasks)) {
      const due = days === undefined ? null : new Date(Date.now() + days * day).toISOString();
      await elsewhere.add({ title, due_at: due });
    }
    await page.goto("/tasks");
    await expect(ada.task(Object.keys(tasks)[0] ?? "")).toBeVisible();
  }

  const newTask = () => page.getByLabel("New task", { exact: true });
  const row = (title: string) => page.locator("li[data-task]").filter({ hasText: title });
  const view = (name: string) =>
    page.getByRole("group", { name: "Views" }).getByRole("button", { name });

  it("comes with the page: no question is asked before it is there", async () => {
    await listOf({ "Buy milk": undefined });
    const answer = await page.request.get("/tasks");
    assert.match(await answer.text(), /Edit “Buy milk”/);
  });

  it("is seen before anything else has come", async () => {
    await listOf({ "Buy milk": undefined });
    const { cookies } = await context.storageState();
    const waiting = await visitor(browser, { script: false });
    await waiting.addCookies(cookies);
    await waiting.route("**/_next/**", () => undefined);
    const seen = await waiting.newPage();
    await seen.goto("/tasks", { waitUntil: "commit" });
    await expect(new Person(seen).task("Buy milk")).toBeVisible();
    // A page that waits for a style sheet has text, but paints none.
    await eventually(() =>
      seen.evaluate(`performance.getEntriesByName("first-contentful-paint").length === 1`),
    );
    await waiting.close();
  });

  it("is not asked for as a whole after a tick", async () => {
    await listOf(Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`Task ${n + 1}`, n])));
    const asked: string[] = [];
    const listen = (request: Request) => {
      if (request.method() === "GET" && request.url().includes("/tasks")) asked.push(request.url());
    };
    page.on("request", listen);
    await ada.tick("Task 1").click();
    await expect(ada.tick("Task 1")).toBeHidden();
    await eventually(() => Promise.resolve(asked.length > 2));
    page.off("request", listen);
    assert.ok(
      asked.every((url) => /limit=\d\d?$/.test(url)),
      asked.join("\n"),
    );
  });

  it("shows within moments what other windows and programs change", async () => {
    await listOf({ "Buy milk": undefined });
    const tab = new Person(await context.newPage());
    const phone = new Person(await (await visitor(browser, { screen: "phone" })).newPage());
    await phone.signIn(ada);
    await tab.page.goto("/tasks");
    await ada.addTask("Call Ada");
    await expect(tab.task("Call Ada")).toBeVisible();
    await expect(phone.task("Call Ada")).toBeVisible();
    await phone.tick("Buy milk").click();
    await expect(tab.tick("Buy milk")).toBeHidden();
    await expect(ada.tick("Buy milk")).toBeHidden();
    await tab.page.getByRole("button", { name: "Delete “Call Ada”" }).click();
    await expect(ada.task("Call Ada")).toBeHidden();
    await expect(phone.task("Call Ada")).toBeHidden();
    await tab.page.close();
    await phone.page.context().close();
  });

  it("has in Today what should have been done before, with how much it is", async () => {
    await listOf({
      "Send the parcel": -3,
      "Book the train": 1,
      "Plan the year": 20,
      Read: undefined,
    });
    for (const heading of ["Overdue 1", "Tomorrow 1", "Later 1", "No date 1"]) {
      await expect(page.getByRole("heading", { name: heading })).toBeVisible();
    }
    await view("Today").click();
    await expect(ada.task("Send the parcel")).toBeVisible();
    await expect(ada.task("Book the train")).toBeHidden();
  });

  it("moves a task to another day from its date", async () => {
    await listOf({ "Send the parcel": -3, "Book the train": 1 });
    await page.getByRole("button", { name: /Overdue: .*Reschedule “Send the parcel”/ }).click();
    await page.getByRole("button", { name: "Tomorrow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Tomorrow 2" })).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("heading", { name: "Overdue 1" })).toBeVisible();
  });

  it("takes back ticks and several deletions", async () => {
    await listOf({ One: 1, Two: 2, Three: 3, Four: 4 });
    await ada.tick("One").click();
    await expect(ada.tick("One")).toBeHidden();
    for (const title of ["Two", "Three"]) {
      await page.getByRole("button", { name: `Delete “${title}”` }).click();
      await expect(ada.task(title)).toBeHidden();
    }
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(ada.task("Three")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(ada.task("Two")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(ada.tick("One")).toBeChecked(false);
  });

  it("takes them back by Ctrl+Z, also after a reload", async () => {
    await listOf({ One: 1, Two: 2, Three: 3 });
    await page.getByRole("button", { name: "Delete “Two”" }).click();
    await ada.tick("One").click();
    await expect(ada.tick("One")).toBeHidden();
    await ada.changesArrived();
    await page.reload();
    await expect(ada.task("Three")).toBeVisible();
    await page.keyboard.press("Control+z");
    await expect(ada.tick("One")).toBeChecked(false);
    await page.keyboard.press("Control+z");
    await expect(ada.task("Two")).toBeVisible();
  });

  it("has the usual keys, and none of them while somebody types", async () => {
    await listOf({ One: 1, Two: 2, Three: 3 });
    await page.keyboard.press("n");
    await expect(newTask()).toBeFocused();
    await page.keyboard.type("jxe/?nq");
    await expect(newTask()).toHaveValue("jxe/?nq");
    await newTask().fill("");
    await newTask().blur();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expect(ada.tick("Two")).toBeFocused();
    await page.keyboard.press("k");
    await expect(ada.tick("One")).toBeFocused();
    await page.keyboard.press("x");
    await expect(ada.tick("One")).toBeHidden();
    await expect(ada.tick("Two")).toBeFocused();
    await page.keyboard.press("e");
    await expect(page.getByLabel("Title")).toHaveValue("Two");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await page.keyboard.press("/");
    await expect(page.getByLabel("Search your tasks")).toBeFocused();
    await newTask().fill("half a sen");
    await page.keyboard.press("Control+k");
    await expect(page.getByLabel("Search your tasks")).toBeFocused();
    await newTask().fill("");
    await newTask().blur();
    await ada.tick("Three").focus();
    await page.keyboard.press("1");
    await expect(row("Three").getByText("High priority")).toBeVisible();
    await expect(ada.tick("Three")).toBeFocused();
    await page.keyboard.press("Control+z");
    await expect(row("Three").getByText("High priority")).toBeHidden();
    // Once while it is closed, once while it is open.
    for (let times = 0; times < 2; times++) {
      await ada.tick("Three").focus();
      await page.keyboard.press("a");
      await expect(ada.message()).toBeFocused();
    }
    await ada.closeAssistant();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await page.getByRole("checkbox", { name: "Use single keys" }).uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await expect(page.getByRole("dialog")).toBeHidden();
    assert.equal(await page.locator("#new-task:focus").count(), 0);
    await page.evaluate("localStorage.removeItem('single-keys')");
  });

  it("the back button closes what lies over the list, and nothing else", async () => {
    await listOf({ One: 1, Two: undefined });
    await view("Upcoming").click();
    await ada.task("One").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(ada.task("Two")).toBeHidden();
    await ada.openAssistant();
    await page.goBack();
    await expect(ada.message()).toBeHidden();
    await ada.openAssistant();
    await page.getByLabel("Search your tasks").fill("one");
    await ada.closeAssistant();
    await eventually(() => Promise.resolve(new URL(page.url()).search === "?view=upcoming&q=one"));
    await expect(page.getByLabel("Search your tasks")).toHaveValue("one");
    await page.goBack();
    await expect(ada.task("Two")).toBeVisible();
  });

  it("says how many tasks a search finds, and does not mind accents", async () => {
    await listOf({ "Café 2": 1, Tea: 2 });
    await page.getByLabel("Search your tasks").fill("cafe");
    await expect(page.getByText("1 task fits.")).toBeVisible();
    await expect(ada.task("Café 2")).toBeVisible();
    await page.getByLabel("Search your tasks").fill("");
  });

  it("tells ticked from unticked, and the chosen view, in a person's own colours", async () => {
    await listOf({ One: 1, Two: 2 });
    await page.emulateMedia({ forcedColors: "active" });
    const look = (locator: Locator) =>
      locator.evaluate((element: unknown) => {
        const { getComputedStyle } = globalThis as unknown as {
          getComputedStyle: (of: unknown) => { backgroundColor: string; borderTopStyle: string };
        };
        const { backgroundColor, borderTopStyle } = getComputedStyle(element);
        return { backgroundColor, borderTopStyle };
      });
    assert.notEqual(
      (await look(view("All"))).backgroundColor,
      (await look(view("Today"))).backgroundColor,
    );
    assert.equal(
      (await look(page.getByRole("button", { name: "Add", exact: true }))).borderTopStyle,
      "solid",
    );
    await ada.tick("One").click();
    await ada.showDone();
    assert.notEqual(
      (await look(ada.tick("One"))).backgroundColor,
      (await look(ada.tick("Two"))).backgroundColor,
    );
    await page.emulateMedia({ forcedColors: "none" });
  });

  it("keeps the keyboard's place when a row goes", async () => {
    await listOf({ One: 1, Two: 2, Three: 3 });
    await view("Upcoming").click();
    await ada.tick("Two").press("Space");
    await expect(ada.tick("Three")).toBeFocused();
    await ada.tick("Three").press("Space");
    await expect(ada.tick("One")).toBeFocused();
    await ada.tick("One").press("Space");
    await expect(newTask()).toBeFocused();
  });

  it("keeps views in the browser's history", async () => {
    await listOf({ One: 1, Two: undefined });
    await view("Upcoming").click();
    await expect(ada.task("Two")).toBeHidden();
    await view("Done").click();
    await expect(ada.task("One")).toBeHidden();
    await page.goBack();
    await expect(ada.task("One")).toBeVisible();
    assert.equal(new URL(page.url()).searchParams.get("view"), "upcoming");
    await page.goBack();
    await expect(ada.task("Two")).toBeVisible();
    await page.goForward();
    await expect(ada.task("Two")).toBeHidden();
  });

  it("can be put on a phone's home screen, and answers where programs look", async () => {
    await page.goto("/tasks");
    const link = await page.locator("link[rel=manifest]").getAttribute("href");
    const manifest = await page.request.get(link ?? "");
    const { start_url: start, icons } = (await manifest.json()) as {
      start_url: string;
      icons: { src: string }[];
    };
    assert.equal(start, "/tasks");
    for (const path of [icons[0]?.src ?? "", "/favicon.ico", "/robots.txt"]) {
      assert.equal((await page.request.get(path)).status(), 200, path);
    }
  });
});
