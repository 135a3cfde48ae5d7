import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { expect } from "./support/expect";
import type { Person } from "./support/person";
import { screens } from "./support/session";
import { withPerson } from "./support/with-person";

/** Conversations with the assistant: kept, found again, and where the keyboard goes meanwhile. */
describe("conversations", function () {
  this.timeout(90_000);
  let page: Page;
  let ada: Person;
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });

  withPerson("conversations", {}, async (person) => {
    [ada, page] = [person, person.page];
    await ada.signUp();
    await ada.openAssistant();
    await ada.say("Add a task to buy oat milk");
  });

  it("what the assistant did is shown as tasks", async () => {
    await page.getByText(/^Added “[^”]*oat milk”$/i).click();
    await expect(
      page.getByRole("list", { name: "Tasks" }).getByText(/^buy oat milk$/i),
    ).toBeVisible();
  });

  it("one that cannot be read at first is not lost", async () => {
    await page.route(/\/api\/conversations\/\d+\?/, (route) => route.abort());
    await page.reload();
    await expect(page.getByText("This conversation could not be loaded.")).toBeVisible();
    await page.unrouteAll();
    await page.getByLabel("Conversation").getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("Add a task to buy oat milk", { exact: true })).toBeVisible();
  });

  it("one in which nothing was said yet can be begun", async () => {
    await page.route(/\/api\/conversations\/\d+\?/, async (route) => {
      const answer = await route.fetch();
      const conversation = (await answer.json()) as object;
      await route.fulfill({ json: { ...conversation, messages: [] } });
    });
    await page.reload();
    await expect(page.getByText("What shall we do?")).toBeVisible();
    await page.unrouteAll();
    await page.reload();
  });

  it("renaming one leads back to its button, and so does not deleting it", async () => {
    await button("Earlier conversations").click();
    await button(/^Rename “/).click();
    await page.getByLabel(/^New name for /).fill("Milk");
    await page.keyboard.press("Enter");
    await expect(button("Rename “Milk”")).toBeFocused();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await expect(button("Rename “Milk”")).toBeFocused();
    await button("Delete “Milk”").click();
    await button("Keep").click();
    await expect(button("Delete “Milk”")).toBeFocused();
    await button("Earlier conversations").click();
  });

  it("the focus stays in the message where the panel changes its place", async () => {
    await ada.message().fill("half a sen");
    await page.setViewportSize(screens.phone);
    await expect(ada.message()).toBeFocused();
    await page.setViewportSize(screens.desktop);
    await expect(ada.message()).toBeFocused();
    await ada.message().fill("");
  });

  it("more than a page of them can be reached", async () => {
    const conversations = Array.from({ length: 73 }, (_, index) => ({
      id: 1000 + index,
      title: `Talk number ${index + 1}`,
      created_at: "2026-11-25T10:00:00Z",
      updated_at: "2026-11-25T10:00:00Z",
    }));
    await page.route("**/api/conversations?*", (route) => {
      const query = new URL(route.request().url()).searchParams;
      const offset = Number(query.get("offset"));
      const json = conversations.slice(offset, offset + Number(query.get("limit")));
      return route.fulfill({ json });
    });
    await page.reload();
    await button("Earlier conversations").click();
    await expect(page.getByText("Talk number 50", { exact: true })).toBeVisible();
    assert.equal(await page.getByText("Talk number 51", { exact: true }).count(), 0);
    await button("Show more").click();
    await expect(page.getByText("Talk number 73", { exact: true })).toBeVisible();
    assert.equal(await button("Show more").count(), 0);
    await button("Earlier conversations").click();
  });

  it("what was said long ago comes when it is asked for", async () => {
    const said = Array.from({ length: 73 }, (_, index) => ({
      id: index + 1,
      role: index % 2 === 0 ? "user" : "assistant",
      content: `Sentence number ${index + 1}`,
      tool_calls: [],
      turn_id: null,
      status: "done",
      created_at: "2026-11-25T10:00:00Z",
    }));
    await page.route(/\/api\/conversations\/\d+\?/, async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const before = Number(query.get("before") ?? Infinity);
      const fitting = said.filter(({ id }) => id < before).slice(-Number(query.get("limit")));
      const conversation = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...conversation, messages: fitting } });
    });
    await page.reload();
    await expect(page.getByText("Sentence number 24", { exact: true })).toBeVisible();
    assert.equal(await page.getByText("Sentence number 23", { exact: true }).count(), 0);
    await button("Show earlier messages").click();
    await expect(page.getByText("Sentence number 1", { exact: true })).toBeVisible();
    assert.equal(await button("Show earlier messages").count(), 0);
  });

  it("where the rules had nothing to do there are examples to press", async () => {
    await page.unrouteAll();
    await button("New conversation").click();
    await ada.say("What can you do?");
    await page
      .getByLabel("Conversation")
      .getByRole("button", { name: "Which tasks are overdue?" })
      .click();
    await expect(ada.message()).toBeFocused();
    await expect(page.getByText("Which tasks are overdue?", { exact: true })).toBeVisible();
    await ada.answered();
  });

  it("a message that is too long is kept, and not sent", async () => {
    await ada.message().fill("x".repeat(4001));
    await expect(page.getByText("1 character too many")).toBeVisible();
    await ada.message().press("Enter");
    await expect(ada.message()).toHaveValue("x".repeat(4001));
    await ada.message().fill("");
  });
});
