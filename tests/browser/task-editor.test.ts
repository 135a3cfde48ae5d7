import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { eventually, expect } from "./support/expect";
import { Elsewhere, type TaskRecord } from "./support/elsewhere";
import type { Person } from "./support/person";
import { withPerson } from "./support/with-person";

/** Editing one task, while others may change the same one. */
describe("the task editor", function () {
  this.timeout(90_000);
  let page: Page;
  let ada: Person;
  let elsewhere: Elsewhere;
  let rent: TaskRecord;
  const title = () => page.getByLabel("Title");
  const notes = () => page.getByLabel("Notes");
  const dialog = () => page.getByRole("dialog");
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();

  withPerson("task-editor", {}, async (person) => {
    [ada, page] = [person, person.page];
    await ada.signUp();
    elsewhere = await Elsewhere.of(page);
  });

  beforeEach(async () => {
    rent = await elsewhere.add({ title: "Pay the rent" });
    await page.goto("/tasks");
    await expect(ada.task("Pay the rent")).toBeVisible();
  });

  afterEach(async () => {
    await elsewhere.remove(rent);
  });

  async function edit(name = "Pay the rent"): Promise<void> {
    await ada.task(name).click();
    await expect(title()).toBeFocused();
  }

  async function kept(): Promise<TaskRecord> {
    return elsewhere.get(rent);
  }

  it("changes what was touched, and leaves what others changed meanwhile", async () => {
    await edit();
    const due_at = "2030-01-02T10:00:00Z";
    await elsewhere.change(rent, { description: "To the new account", priority: "high", due_at });
    await title().fill("Pay the new rent");
    await press("Save");
    await expect(ada.task("Pay the new rent")).toBeVisible();
    await eventually(async () => (await kept()).title === "Pay the new rent");
    const { description, priority, due_at: due } = await kept();
    assert.deepEqual([description, priority, due], ["To the new account", "high", due_at]);
  });

  it("shows what others made of the same field, and asks which shall count", async () => {
    await edit();
    await elsewhere.change(rent, { title: "Pay the rent for May" });
    await title().fill("Pay the rent in cash");
    await press("Save");
    await expect(dialog().getByText("“Pay the rent for May”")).toBeVisible();
    assert.equal((await kept()).title, "Pay the rent for May");
    await press("Keep mine");
    await press("Save");
    await expect(ada.task("Pay the rent in cash")).toBeVisible();
    await eventually(async () => (await kept()).title === "Pay the rent in cash");
  });

  it("takes what others made of it, if that is chosen", async () => {
    await edit();
    await elsewhere.change(rent, { title: "Pay the rent for May" });
    await title().fill("Pay the rent in cash");
    await notes().fill("Ask for a receipt");
    await press("Save");
    await press("Take that");
    await expect(title()).toHaveValue("Pay the rent for May");
    await press("Save");
    await expect(ada.task("Pay the rent for May")).toBeVisible();
    await eventually(async () => (await kept()).description === "Ask for a receipt");
    assert.equal((await kept()).title, "Pay the rent for May");
  });

  it("an unsaved draft is said to be one, holds only what was touched, and can be discarded", async () => {
    await edit();
    await notes().fill("Ask for a receipt");
    await page.reload();
    await elsewhere.change(rent, { title: "Pay the rent for May", priority: "high" });
    await page.reload();
    await edit("Pay the rent for May");
    await expect(page.getByText("changes of yours that were not saved yet")).toBeVisible();
    await expect(title()).toHaveValue("Pay the rent for May");
    await expect(notes()).toHaveValue("Ask for a receipt");
    await press("Discard");
    await expect(notes()).toHaveValue("");
    await press("Cancel");
    await edit("Pay the rent for May");
    await expect(page.getByText("changes of yours that were not saved yet")).toBeHidden();
  });

  it("a draft of a field that others have changed since does not replace it unasked", async () => {
    await edit();
    await title().fill("Pay the rent in cash");
    await page.reload();
    await elsewhere.change(rent, { title: "Pay the rent for May" });
    await page.reload();
    await edit("Pay the rent for May");
    await expect(dialog().getByText("“Pay the rent for May”")).toBeVisible();
    await press("Save");
    await expect(dialog()).toBeVisible();
    assert.equal((await kept()).title, "Pay the rent for May");
    await press("Cancel");
  });

  it("says that a task was deleted meanwhile, and keeps what was typed", async () => {
    await edit();
    await elsewhere.remove(rent);
    await title().fill("Pay the rent in cash");
    await press("Save");
    await expect(page.getByText("was deleted elsewhere meanwhile")).toBeVisible();
    await expect(title()).toHaveValue("Pay the rent in cash");
    await press("Cancel");
  });

  it("says that a title is missing, and goes there", async () => {
    await edit();
    await title().fill("   ");
    await press("Save");
    await expect(page.getByText("A task needs a title.")).toBeVisible();
    await expect(title()).toBeFocused();
    await press("Cancel");
  });

  for (const [name, field, long, problem] of [
    ["title", title, "x".repeat(230), "30 characters too many"],
    ["notes", notes, "y".repeat(1001), "1 character too many"],
  ] satisfies [string, () => Locator, string, string][]) {
    it(`cuts nothing off what is too long (${name})`, async () => {
      await edit();
      await field().fill("");
      await page.keyboard.insertText(long);
      await expect(page.getByText(problem)).toBeVisible();
      await press("Save");
      await expect(dialog()).toBeVisible();
      assert.ok((await field().inputValue()).includes(long));
      assert.equal((await kept()).title, "Pay the rent");
      await press("Cancel");
    });
  }

  it("an incomplete date is not taken for none", async () => {
    await elsewhere.change(rent, { due_at: "2030-01-02T10:00:00Z" });
    await page.reload();
    await edit();
    await page.getByLabel("Due", { exact: true }).focus();
    await page.keyboard.press("Delete");
    await press("Save");
    await expect(page.getByText("This date is not complete")).toBeVisible();
    assert.equal((await kept()).due_at, "2030-01-02T10:00:00Z");
    await press("Cancel");
  });
});
