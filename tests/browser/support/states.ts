/** Every state that a page can be in, and how a person gets there from the one before. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { Elsewhere } from "./elsewhere";
import { expect } from "./expect";
import type { Person } from "./person";
import { loadWithoutList } from "./without-list";

export interface State {
  name: string;
  reach: (person: Person) => Promise<void>;
}

const day = 24 * 60 * 60 * 1000;

export const states: State[] = [
  { name: "welcome", reach: ({ page }) => open(page, "/") },
  { name: "not found", reach: ({ page }) => open(page, "/nowhere") },
  { name: "sign in", reach: ({ page }) => open(page, "/sign-in") },
  { name: "sign in, session over", reach: ({ page }) => open(page, "/sign-in?ended") },
  {
    name: "sign in, refused",
    reach: async ({ page, email }) => {
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password", { exact: true }).fill("not the password");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.locator(".notice-bad")).toBeVisible();
    },
  },
  { name: "sign up", reach: ({ page }) => open(page, "/sign-up") },
  { name: "tasks, none", reach: (person) => person.signUp() },
  {
    name: "tasks, loading for long",
    reach: async ({ page }) => {
      await page.route("**/api/*/tasks?*", () => undefined);
      await loadWithoutList(page);
      await expect(page.getByText("This takes longer than usual…")).toBeVisible();
    },
  },
  {
    name: "tasks, could not be loaded",
    reach: async ({ page }) => {
      await page.unroute("**/api/*/tasks?*");
      await page.route("**/api/*/tasks?*", (route) => route.fulfill({ status: 500, body: "" }));
      await loadWithoutList(page);
      await expect(page.getByText("Your tasks could not be loaded")).toBeVisible();
      await page.unroute("**/api/*/tasks?*");
    },
  },
  {
    name: "tasks, of every kind",
    reach: async (person) => {
      await fillList(person);
      await person.page.reload();
      await expect(person.task("Pay the rent")).toBeVisible();
    },
  },
  ...["Today", "Upcoming", "Done"].map((view) => ({
    name: `tasks, ${view.toLowerCase()}`,
    reach: ({ page }: Person) =>
      page
        .getByRole("button", { name: new RegExp(view) })
        .first()
        .click(),
  })),
  {
    name: "tasks, no match",
    reach: async ({ page }) => {
      await page.getByRole("button", { name: "All", exact: true }).click();
      await page.getByLabel("Search your tasks").fill("nothing like it");
      await expect(page.getByRole("heading", { name: "No task fits" })).toBeVisible();
    },
  },
  {
    name: "tasks, typing a new one",
    reach: async ({ page }) => {
      await page.getByRole("button", { name: "Clear the search" }).click();
      await page.getByLabel("New task", { exact: true }).fill("Call Ada tomorrow !high");
      await expect(page.getByText("Keep all words")).toBeVisible();
    },
  },
  {
    name: "tasks, several new ones and one that is too long",
    reach: async ({ page }) => {
      await page.getByLabel("New task", { exact: true }).fill(`milk\n${"x".repeat(201)}`);
      await page.getByRole("button", { name: "Add 2 tasks" }).click();
      await expect(page.getByText("One line is too long")).toBeVisible();
    },
  },
  {
    name: "task editor",
    reach: async (person) => {
      await person.page.getByLabel("New task", { exact: true }).fill("");
      await person.task("Pay the rent").click();
      await expect(person.page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "task editor, changed elsewhere too",
    reach: async ({ page }) => {
      const elsewhere = await Elsewhere.of(page);
      const rent = (await elsewhere.list()).find(({ title }) => title === "Pay the rent");
      assert.ok(rent);
      // In this order: what others changed before somebody types is in the field by then.
      await page.getByLabel("Notes").fill("By card.");
      const { description } = await elsewhere.change(rent, { description: "In cash." });
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await expect(page.getByText(`“${String(description)}”`)).toBeVisible();
    },
  },
  {
    name: "tasks, a deletion to undo",
    reach: async ({ page }) => {
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Delete “Water the plants”" }).click();
      await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    },
  },
  {
    name: "tasks, a change that failed",
    reach: async (person) => {
      await person.page.route("**/complete", (route) => route.abort());
      await person.tick("Pay the rent").click();
      await expect(person.page.getByText("could not be ticked off")).toBeVisible();
      await person.page.unroute("**/complete");
    },
  },
  {
    name: "tasks, offline",
    reach: async ({ page }) => {
      await page.context().setOffline(true);
      await expect(page.getByText("You are offline.")).toBeVisible();
    },
  },
  {
    name: "assistant, at the beginning",
    reach: async (person) => {
      await person.page.context().setOffline(false);
      await person.page.reload();
      await person.openAssistant();
      await expect(person.page.getByText("What shall we do?")).toBeVisible();
    },
  },
  {
    name: "assistant, at work",
    reach: async (person) => {
      await person.page.route("**/chat", () => undefined);
      await person.message().fill("Add a task to buy bread");
      await person.page.getByRole("button", { name: "Send", exact: true }).click();
      await expect(person.page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
    },
  },
  {
    name: "assistant, stopped",
    reach: async ({ page }) => {
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await expect(page.getByText("Stopped here.")).toBeVisible();
      await page.unroute("**/chat");
    },
  },
  {
    name: "assistant, failed",
    reach: async (person) => {
      const problem = { code: "model_unavailable", detail: "The model is away.", retryable: true };
      await person.page.route("**/chat", (route) =>
        route.fulfill({
          contentType: "text/event-stream",
          body: `event: error\ndata: ${JSON.stringify(problem)}\n\n`,
        }),
      );
      await person.say("Add a task to buy bread");
      await expect(person.page.getByText("The model is away.")).toBeVisible();
      await person.page.unroute("**/chat");
    },
  },
  {
    name: "assistant, an answer and what it did",
    reach: async (person) => {
      await person.page.getByRole("button", { name: "Try again" }).click();
      const call = person.page.getByText(/^Added “[^”]*”$/);
      await expect(call).toBeVisible();
      await person.answered();
      await call.click();
    },
  },
  {
    name: "assistant, a question",
    reach: async (person) => {
      await person.say("Delete buy bread");
      await expect(person.page.getByRole("button", { name: "Yes, delete" })).toBeVisible();
    },
  },
  {
    name: "assistant, earlier conversations",
    reach: async ({ page }) => {
      await page.getByRole("button", { name: "Earlier conversations" }).click();
      await expect(page.getByRole("button", { name: /^Rename / }).first()).toBeVisible();
    },
  },
  {
    name: "assistant, renaming",
    reach: async ({ page }) => {
      await page
        .getByRole("button", { name: /^Rename / })
        .first()
        .click();
      await expect(page.getByLabel(/^New name for /)).toBeFocused();
    },
  },
  {
    name: "assistant, deleting a conversation",
    reach: async ({ page }) => {
      await page.getByLabel(/^New name for /).press("Escape");
      await page
        .getByRole("button", { name: /^Delete “Add a task/ })
        .first()
        .click();
      await expect(page.getByRole("button", { name: "Keep", exact: true })).toBeVisible();
    },
  },
  { name: "account", reach: ({ page }) => open(page, "/account") },
  {
    name: "account, a new token",
    reach: async ({ page, password }) => {
      await page.getByLabel("Which program is it for?").fill("My editor");
      await page.getByLabel("Your password, as proof").fill(password);
      await page.getByRole("button", { name: "Make a token" }).click();
      await expect(page.getByText("Copy it now")).toBeVisible();
    },
  },
  {
    name: "account, the wrong password",
    reach: async ({ page }) => {
      await page.getByLabel("Current password").fill("not the password");
      await page.getByLabel("New password").fill("another sentence");
      await page.getByRole("button", { name: "Change password" }).click();
      await expect(page.getByText("The current password is wrong.")).toBeVisible();
    },
  },
  {
    name: "account, deleting it",
    reach: async ({ page }) => {
      await page.getByRole("button", { name: "Delete my account…" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
];

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: "networkidle" });
}

async function fillList({ page }: Person): Promise<void> {
  const elsewhere = await Elsewhere.of(page);
  const at = (days: number) => new Date(Date.now() + days * day).toISOString();
  const tasks = [
    { title: "Water the plants" },
    { title: "Send the parcel back", due_at: at(-3), priority: "high" },
    {
      title: "Pay the rent",
      due_at: at(0.02),
      description: "To the new account.\nAsk for a receipt.",
    },
    { title: "Book the train", due_at: at(9), priority: "low" },
    { title: `A word without any end: ${"Donaudampfschifffahrt".repeat(6)}` },
    { title: "Buy stamps", completed: true, due_at: at(-1) },
  ];
  for (const task of tasks) await elsewhere.add(task);
}
