import type { Browser, Page } from "playwright-core";
import { expect } from "./support/expect";
import { Person } from "./support/person";
import { visitor } from "./support/session";
import { withPerson } from "./support/with-person";

/** Signing in and up, and what the account page is for. */
describe("account", function () {
  this.timeout(120_000);
  this.bail(true);

  let browser: Browser;
  let page: Page;
  let ada: Person;

  withPerson("account", {}, async (person, opened) => {
    [ada, browser, page] = [person, opened, person.page];
    await ada.signUp();
    await ada.signOut();
  });

  it("a password that many people use is refused, in words", async () => {
    await page.goto("/sign-up");
    await page.getByLabel("Email").fill("somebody@example.com");
    await page.getByLabel("Password", { exact: true }).fill("password123");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(
      page.getByText("Choose another password: many people use this one."),
    ).toBeVisible();
  });

  it("a password that is too long is refused, not cut off", async () => {
    await page.getByLabel("Password", { exact: true }).fill("");
    await page.getByLabel("Password", { exact: true }).focus();
    await page.keyboard.insertText("a short sentence ".repeat(8));
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByText("A password has at most 128 characters.")).toBeVisible();
  });

  it("an address that has an account leads to signing in with it", async () => {
    await page.getByLabel("Email").fill(ada.email);
    await page.getByLabel("Password", { exact: true }).fill("another short sentence");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("link", { name: "Sign in to it" }).click();
    await page.waitForURL("**/sign-in");
    await expect(page.getByLabel("Email")).toHaveValue(ada.email);
    await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
    await page.keyboard.type(ada.password);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/tasks");
  });

  it("a token is made with the password, and revoked after a question", async () => {
    await page.goto("/account");
    await page.getByLabel("Which program is it for?").fill("My editor");
    await page.getByLabel("Your password, as proof").fill("not the password");
    await page.getByRole("button", { name: "Make a token" }).click();
    await expect(page.getByText("The current password is wrong.")).toBeVisible();
    await page.getByLabel("Your password, as proof").fill(ada.password);
    await page.getByRole("button", { name: "Make a token" }).click();
    await expect(page.getByText("Copy it now")).toBeVisible();

    await page.getByRole("button", { name: "Revoke “My editor”", exact: true }).click();
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    const revoke = page.getByRole("button", { name: "Revoke “My editor”", exact: true });
    await expect(revoke).toBeFocused();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    const said = page.getByText("The token of “My editor” is revoked.");
    await expect(said).toBeVisible();
    await expect(said.locator("..")).toBeFocused();
    await expect(revoke).toBeHidden();
  });

  it("where programs take somebody to be is shown, and changed to where the browser is", async () => {
    const abroad = await visitor(browser, { zone: "Asia/Tokyo" });
    const other = new Person(await abroad.newPage());
    await other.signIn(ada);
    await expect(other.page.getByLabel("New task", { exact: true })).toBeVisible();
    await other.page.goto("/account");
    const zone = (of: Page) => of.getByRole("region", { name: "Time zone" });
    await expect(zone(other.page).getByText("Asia/Tokyo", { exact: true })).toBeVisible();
    await other.signOut();
    await abroad.close();
    await page.reload();
    await expect(zone(page).getByText("Asia/Tokyo", { exact: true })).toBeVisible();
    const here = zone(page).getByRole("button", { name: /^Change to Europe\/Berlin/ });
    await here.click();
    await expect(here).toBeHidden();
    await expect(zone(page).getByRole("status")).toBeFocused();
    await expect(zone(page).getByText("Europe/Berlin", { exact: true })).toBeVisible();
  });

  it("another sign-in is seen, and ended", async () => {
    const elsewhere = await visitor(browser, { screen: "phone" });
    const other = await elsewhere.newPage();
    await new Person(other).signIn(ada);
    await page.reload();
    await expect(page.getByText("here, now")).toBeVisible();
    await page.getByRole("button", { name: /^Sign out of / }).click();
    await page.getByRole("button", { name: /Sign out there\?$/ }).click();
    await expect(page.getByText(/is signed out\.$/)).toBeVisible();
    await other.goto("/account");
    await other.waitForURL(/sign-in\?ended/);
    await expect(other.getByText("Your session has ended.")).toBeVisible();
    await elsewhere.close();
  });

  it("a wrong password in the deletion's dialog is forgotten with it", async () => {
    await page.getByRole("button", { name: "Delete my account…" }).click();
    await page.getByRole("dialog").getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Delete for good" }).click();
    await expect(page.getByText("The current password is wrong.")).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Delete my account…" }).click();
    await expect(page.getByText("The current password is wrong.")).toBeHidden();
    await page.keyboard.press("Escape");
  });

  it("a changed password keeps this browser signed in, and says what it ended", async () => {
    await page.getByLabel("Current password").fill(ada.password);
    await page.getByLabel("New password").fill(ada.password);
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("That is the password that you have already.")).toBeVisible();
    await page.getByLabel("New password").fill("an entirely new sentence");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText(/all tokens are revoked\.$/)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  });

  it("signing out everywhere is said", async () => {
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.waitForURL(/sign-in/);
    await expect(page.getByText("You are signed out everywhere.")).toBeVisible();
    await page.goto("/tasks");
    await page.waitForURL("**/sign-in");
  });
});
