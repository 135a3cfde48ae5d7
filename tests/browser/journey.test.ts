import assert from "node:assert/strict";
import { eventually, expect } from "./support/expect";
import { Person } from "./support/person";
import { keepPicture, type Screen } from "./support/session";
import { withPerson } from "./support/with-person";

/** All that the application is for, once, as a person does it. */
for (const screen of ["desktop", "phone"] satisfies Screen[]) {
  describe(`the whole journey (${screen})`, function () {
    this.timeout(120_000);
    this.bail(true);

    let ada: Person;
    const errors: string[] = [];

    withPerson(`journey-${screen}`, { screen }, (person) => {
      const { page } = person;
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (/content security policy|hydrat/i.test(message.text())) errors.push(message.text());
      });
      ada = person;
    });

    it("register", async () => {
      await ada.signUp();
      await expect(ada.page.getByRole("heading", { name: "A fresh page" })).toBeVisible();
    });

    it("add by hand", async () => {
      await ada.addTask("Buy milk");
      await ada.addTask("Pay the rent tomorrow !high", "Pay the rent");
      await expect(
        // The browser sets a space between what is shown and what is only read.
        ada.page.getByRole("button", { name: /^Tomorrow ?\. Reschedule “Pay the rent”$/ }),
      ).toBeVisible();
      await keepPicture(ada.page, `tasks-${screen}`);
    });

    it("add by chat; the list shows it at once", async () => {
      await ada.openAssistant();
      await ada.say("Add a task to call the dentist");
      await expect(ada.page.getByText(/^Added “.*call the dentist.*”$/i)).toBeVisible();
      await keepPicture(ada.page, `assistant-${screen}`);
      await eventually(async () => {
        const titles = await ada.page.getByRole("checkbox", { includeHidden: true }).count();
        return titles === 3;
      });
    });

    it("complete by chat", async () => {
      await ada.say("Mark Buy milk as done");
      await expect(ada.page.locator('label:has-text("Done: Buy milk")')).toBeHidden();
      await ada.closeAssistant();
      await ada.showDone();
      await expect(ada.tick("Buy milk")).toBeChecked();
    });

    it("search", async () => {
      await ada.page.getByLabel("Search your tasks").fill("rent");
      await expect(ada.task("Pay the rent")).toBeVisible();
      await expect(ada.task("Buy milk")).toBeHidden();
      await ada.page.getByLabel("Search your tasks").fill("");
      await expect(ada.tick("Buy milk")).toBeVisible();
    });

    it("delete by chat, after a question", async () => {
      await ada.openAssistant();
      await ada.say("Delete Buy milk");
      const yes = ada.page.getByRole("button", { name: "Yes, delete" });
      await expect(yes).toBeVisible();
      await keepPicture(ada.page, `confirmation-${screen}`);
      await yes.click();
      await expect(ada.page.locator('label:has-text("Done: Buy milk")')).toBeHidden();
      await ada.answered();
    });

    it("reload: everything is still there, the conversation too", async () => {
      await ada.page.reload();
      await expect(ada.page.getByText("Delete Buy milk", { exact: true })).toBeVisible();
      await ada.closeAssistant();
      await expect(ada.task("Pay the rent")).toBeVisible();
      await expect(ada.task("Buy milk")).toBeHidden();
    });

    it("sign out", async () => {
      await ada.signOut();
      await ada.page.goto("/tasks");
      assert.match(ada.page.url(), /\/sign-in$/);
    });

    it("another person sees nothing of it", async () => {
      const bob = new Person(ada.page);
      await bob.signUp();
      await expect(bob.page.getByRole("heading", { name: "A fresh page" })).toBeVisible();
      assert.equal(await bob.page.getByRole("checkbox").count(), 0);
      await bob.openAssistant();
      await bob.page.getByRole("button", { name: "Earlier conversations" }).click();
      await expect(bob.page.getByText("There are none yet.")).toBeVisible();
    });

    it("no script failed on the way, and none was refused by the security policy", () => {
      assert.deepEqual(errors, []);
    });
  });
}
