import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { Elsewhere } from "./support/elsewhere";
import { eventually, expect } from "./support/expect";
import type { Person } from "./support/person";
import { withPerson } from "./support/with-person";

/** Writing tasks down: what is read out of the words, and what becomes of them. */
describe("the field for new tasks", function () {
  this.timeout(90_000);
  let page: Page;
  let ada: Person;
  let elsewhere: Elsewhere;
  const field = () => page.getByLabel("New task", { exact: true });
  const date = () => page.getByLabel("Due date of the new task");
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const hint = (words: string) => page.locator("#new-task-hint").getByText(words);

  withPerson("new-task", {}, async (person) => {
    [ada, page] = [person, person.page];
    await ada.signUp();
    elsewhere = await Elsewhere.of(page);
  });

  beforeEach(async () => {
    await page.goto("/tasks");
    await field().fill("");
  });

  afterEach(async () => {
    // A task is shown before it is kept: what is still on its way would belong to the next test.
    await ada.changesArrived();
    for (const task of await elsewhere.list()) await elsewhere.remove(task);
  });

  /** The next day, as the browser's zone (Berlin) has it. */
  function tomorrow(): string {
    const day = new Date(Date.now() + 86_400_000);
    return new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" }).format(day);
  }

  async function refuse(status: number, detail: unknown): Promise<void> {
    await page.route("**/tasks", (route) =>
      route.request().method() === "POST"
        ? route.fulfill({ status, json: { detail } })
        : route.continue(),
    );
  }

  it("what was not added is back in the field, and that is the only way on", async () => {
    await refuse(500, "The server is out of order.");
    await field().fill("Call Ada tomorrow");
    await field().press("Enter");
    await expect(page.getByText("“Call Ada” was not added.")).toBeVisible();
    await expect(field()).toHaveValue("Call Ada tomorrow");
    assert.equal(await button("Try again").count(), 0);
    await page.unrouteAll();
    await field().press("Enter");
    await expect(ada.task("Call Ada")).toBeVisible();
    await expect(field()).toHaveValue("");
    await ada.changesArrived();
    assert.equal((await elsewhere.list()).length, 1);
  });

  it("where something else is typed by then, it is left alone, and the change can be tried again", async () => {
    let answer: () => void = () => undefined;
    const typed = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/tasks", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await typed;
      return route.fulfill({ status: 500, json: { detail: "The server is out of order." } });
    });
    await field().fill("Call Ada");
    await field().press("Enter");
    await field().fill("Call Bob");
    answer();
    await expect(page.getByText("“Call Ada” was not added.")).toBeVisible();
    await expect(field()).toHaveValue("Call Bob");
    await page.unrouteAll();
    await button("Try again").click();
    await expect(ada.task("Call Ada")).toBeVisible();
    await expect(field()).toHaveValue("Call Bob");
  });

  it("nothing is tried again that cannot succeed", async () => {
    const milk = await elsewhere.add({ title: "Buy milk" });
    await page.reload();
    await expect(ada.task("Buy milk")).toBeVisible();
    await elsewhere.remove(milk);
    await ada.tick("Buy milk").click();
    await expect(page.getByText("could not be ticked off")).toBeVisible();
    assert.equal(await button("Try again").count(), 0);
  });

  it("keeps all words for as long as they stand there, with the focus in the field", async () => {
    await field().fill("Prepare the deck for monday");
    await button("Keep all words").click();
    await expect(field()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(ada.task("Prepare the deck for monday")).toBeVisible();
    await field().fill("Call Ada tomorrow");
    await button("Keep all words").click();
    await field().fill("");
    await field().fill("Buy milk tomorrow !high");
    await expect(hint("“Buy milk”")).toBeVisible();
    await field().press("Enter");
    await expect(ada.task("Buy milk")).toBeVisible();
  });

  it("says where a task went that the list does not show, and leads there", async () => {
    await button("Today").click();
    await field().fill("Book the train tomorrow");
    await field().press("Enter");
    await expect(page.getByText("Added “Book the train” to Upcoming").last()).toBeVisible();
    await expect(ada.task("Book the train")).toBeHidden();
    await button("Show").click();
    await expect(ada.task("Book the train")).toBeVisible();
    await expect(ada.tick("Book the train")).toBeFocused();

    await page.getByLabel("Search your tasks").fill("nothing like it");
    await field().fill("Buy stamps");
    await field().press("Enter");
    await button("Show").click();
    await expect(ada.task("Buy stamps")).toBeVisible();
    await expect(page.getByLabel("Search your tasks")).toHaveValue("");
  });

  it("what was said last counts: a date that is chosen, and one that is typed after it", async () => {
    await field().fill("Call Ada tomorrow");
    await expect(date()).toHaveValue(tomorrow());
    await date().fill("2030-01-02");
    await expect(hint("2 Jan 2030")).toBeVisible();
    await field().fill("Call Ada");
    await expect(date()).toHaveValue("2030-01-02");
    await field().fill("Call Ada tomorrow");
    await expect(date()).toHaveValue(tomorrow());
    await expect(hint("Tomorrow")).toBeVisible();
  });

  it("with the date taken away, its words stay", async () => {
    await field().fill("Call Ada tomorrow !high");
    await date().fill("");
    await field().press("Enter");
    await expect(ada.task("Call Ada tomorrow")).toBeVisible();
    await ada.changesArrived();
    const [task] = await elsewhere.list();
    assert.deepEqual([task?.due_at, task?.priority], [null, "high"]);
  });

  it("says which dates it cannot take, and keeps their words", async () => {
    await field().fill("Renew pass 2026-02-30");
    await expect(hint("There is no such date or time as “2026-02-30”.")).toBeVisible();
    await expect(date()).toHaveValue("");
    await field().fill("Call mum every monday");
    await expect(hint("Repeating tasks are not supported (“every monday”).")).toBeVisible();
    await field().press("Enter");
    await expect(ada.task("Call mum every monday")).toBeVisible();
  });

  it("offers a date that may be meant", async () => {
    await field().fill("Friday meeting notes");
    await page.locator("#new-task-hint").getByRole("button").click();
    await eventually(async () => (await date().inputValue()) !== "");
    await expect(field()).toBeFocused();
    await expect(hint("Adds “Friday meeting notes”, due")).toBeVisible();
  });

  it("takes a time of day", async () => {
    await field().fill("Call Ada tomorrow at 5pm");
    await expect(hint("Tomorrow, 17:00")).toBeVisible();
    await field().press("Enter");
    await expect(ada.task("Call Ada")).toBeVisible();
    await expect(page.locator("li").getByText("Tomorrow, 17:00")).toBeVisible();
  });

  it("pasted lines are several tasks, or one", async () => {
    await field().focus();
    await page.keyboard.insertText("milk\neggs\nbread !low\n");
    await button("Make it one").click();
    await expect(field()).toHaveValue("milk eggs bread !low");
    await field().fill("");
    await page.keyboard.insertText("milk\neggs\nbread !low\n");
    await button("Add 3 tasks").click();
    for (const title of ["milk", "eggs", "bread"]) await expect(ada.task(title)).toBeVisible();
    await eventually(async () => (await elsewhere.list()).length === 3);
    await page.reload();
    await expect(ada.task("milk")).toBeVisible();
    const shown = await page.getByRole("button", { name: /^Edit “/ }).allTextContents();
    assert.deepEqual(shown, ["milk", "eggs", "bread"]);
  });

  it("several lines that were not added come back in their order", async () => {
    await refuse(500, "The server is out of order.");
    await field().fill("milk\neggs\nbread");
    await field().press("Enter");
    await expect(page.getByText("was not added.")).toBeVisible();
    await expect(field()).toHaveValue("milk\neggs\nbread");
    assert.equal(await button("Try again").count(), 0);
  });

  it("cuts nothing off: says that it is too long, and keeps it", async () => {
    const long = "x".repeat(500);
    await field().focus();
    await page.keyboard.insertText(long);
    await expect(page.getByText("300 characters too many")).toBeVisible();
    await field().press("Enter");
    await expect(page.getByText("too long for a title")).toBeVisible();
    await expect(field()).toHaveValue(long);
    assert.deepEqual(await elsewhere.list(), []);
  });
});
