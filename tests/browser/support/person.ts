import { randomUUID } from "node:crypto";
import type { Locator, Page, Request } from "playwright-core";
import { eventually, expect } from "./expect";

/** Somebody at a page, who does what people do and finds things by what is written on them. */
export class Person {
  readonly email = `${randomUUID().slice(0, 8)}@example.com`;
  readonly password = "a short sentence works";

  /** Changes that are on their way. */
  private readonly changing = new Set<Request>();

  constructor(readonly page: Page) {
    page.on("request", (request) => {
      if (request.method() !== "GET") this.changing.add(request);
    });
    page.on("requestfinished", (request) => this.changing.delete(request));
    page.on("requestfailed", (request) => this.changing.delete(request));
  }

  /** Waits until what was changed on the page, and is shown at once, is at the server too. */
  async changesArrived(): Promise<void> {
    await eventually(() => Promise.resolve(this.changing.size === 0));
  }

  async signUp(): Promise<void> {
    await this.page.goto("/sign-up");
    await this.giveCredentials("Create account");
  }

  /** @param who another person, for somebody with two browsers */
  async signIn(who?: Credentials): Promise<void> {
    await this.page.goto("/sign-in");
    await this.giveCredentials("Sign in", who);
  }

  /** On the sign-in or sign-up page; ends on the list. */
  async giveCredentials(button: string, { email, password } = this as Credentials): Promise<void> {
    await this.page.getByLabel("Email").fill(email);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: button, exact: true }).click();
    await this.page.waitForURL(/\/tasks/);
  }

  async signOut(): Promise<void> {
    await this.page.getByRole("button", { name: "Sign out", exact: true }).click();
    await this.page.waitForURL((url) => url.pathname === "/");
  }

  /** Writes a task down, and waits until the server has it. */
  async addTask(words: string, title = words): Promise<void> {
    const saved = this.page.waitForResponse(isSaving);
    await this.page.getByLabel("New task", { exact: true }).fill(words);
    await this.page.getByRole("button", { name: "Add", exact: true }).click();
    await saved;
    await expect(this.task(title)).toBeVisible();
  }

  task(title: string): Locator {
    return this.page.getByRole("button", { name: `Edit “${title}”`, exact: true });
  }

  tick(title: string): Locator {
    return this.page.getByRole("checkbox", { name: `Done: ${title}`, exact: true });
  }

  /** What is done is folded away at the list's end. */
  async showDone(): Promise<void> {
    const toggle = this.page.getByRole("button", { name: /^Done \d+$/ });
    if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
  }

  async openAssistant(): Promise<void> {
    await this.page.getByRole("button", { name: "Assistant", exact: true }).click();
    await expect(this.message()).toBeVisible();
  }

  async closeAssistant(): Promise<void> {
    await this.page.getByRole("button", { name: "Close the assistant" }).click();
    await expect(this.message()).toBeHidden();
  }

  /** Says something to the assistant and waits for the whole answer. */
  async say(message: string): Promise<void> {
    await this.message().fill(message);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(this.page.getByText(message, { exact: true }).last()).toBeVisible();
    await this.answered();
  }

  async answered(): Promise<void> {
    await expect(this.page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  }

  message(): Locator {
    return this.page.getByLabel("Message to the assistant");
  }
}

interface Credentials {
  email: string;
  password: string;
}

function isSaving(response: { url: () => string; request: () => { method: () => string } }) {
  return response.request().method() === "POST" && response.url().endsWith("/tasks");
}
