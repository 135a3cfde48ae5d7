import assert from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { Elsewhere } from "./support/elsewhere";
import { eventually, expect } from "./support/expect";
import { Person } from "./support/person";
import { keepPicture, type Visit, visitor } from "./support/session";
import { withPerson } from "./support/with-person";

/** The same tasks in browsers of other zones and languages: a day is a day, an instant an instant. */
describe("dates, wherever one is", function () {
  this.timeout(120_000);
  const zones = [
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Asia/Kolkata",
  ];
  let browser: Browser;
  let home: Elsewhere;
  let signedIn: Awaited<ReturnType<BrowserContext["storageState"]>>;

  withPerson("dates", {}, async (ada, opened) => {
    browser = opened;
    await ada.signUp();
    home = await Elsewhere.of(ada.page);
    signedIn = await ada.page.context().storageState();
  });

  afterEach(async () => {
    for (const task of await home.list()) await home.remove(task);
  });

  /** The person in another browser, until `look` is through. */
  async function there(visit: Visit, look: (page: Page, person: Person) => Promise<void>) {
    const context = await visitor(browser, visit);
    await context.addCookies(signedIn.cookies);
    const page = await context.newPage();
    try {
      await page.goto("/tasks");
      await look(page, new Person(page));
    } catch (error) {
      await keepPicture(page, "failed-dates");
      throw error;
    } finally {
      await context.close();
    }
  }

  /** What is said below a task's title, without the marks of a language's direction. */
  function due(page: Page, title: string): Promise<string> {
    return page
      .locator("li")
      .filter({ hasText: title })
      .locator("bdi")
      .nth(1)
      .innerText()
      .then((text) => text.replace(/[\u200e\u200f]/g, "").replace(/[\u00a0\u202f]/g, " "));
  }

  for (const zone of zones) {
    it(`written in ${zone}: today and tomorrow, there and for the server`, async () => {
      await there({ zone }, async (page, person) => {
        const day = (ahead: number) =>
          page.evaluate<string>(`(() => {
          const day = new Date(); day.setDate(day.getDate() + ${ahead});
          return [day.getFullYear(), day.getMonth() + 1, day.getDate()]
            .map((part) => String(part).padStart(2, "0")).join("-");
        })()`);
        await person.addTask("Call Ada today", "Call Ada");
        await person.addTask("Call Bob tomorrow", "Call Bob");
        await person.addTask("Call Cy tomorrow at 6pm", "Call Cy");
        assert.equal(await due(page, "Call Ada"), "Today");
        assert.equal(await due(page, "Call Bob"), "Tomorrow");
        assert.equal(await due(page, "Call Cy"), "Tomorrow, 18:00");
        const tasks = new Map((await home.list()).map((task) => [task.title, task]));
        assert.equal(tasks.get("Call Ada")?.due_date, await day(0));
        assert.equal(tasks.get("Call Bob")?.due_date, await day(1));
        assert.equal(tasks.get("Call Cy")?.due_date, null);
      });
    });

    it(`read in ${zone}: the day is the same, the instant is the local one`, async () => {
      await home.add({ title: "Call Ada", due_date: "2030-01-02" });
      await home.add({ title: "Call Cy", due_at: "2030-01-02T17:00:00Z" });
      const local = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        day: "numeric",
        month: "short",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
      }).format(new Date("2030-01-02T17:00:00Z"));
      await there({ zone }, async (page, person) => {
        await expect(person.task("Call Ada")).toBeVisible();
        assert.equal(await due(page, "Call Ada"), "2 Jan 2030");
        assert.equal(await due(page, "Call Cy"), local);
      });
    });
  }

  it("an edit of something else leaves a day and an instant as they are", async () => {
    await home.add({ title: "Call Ada", due_date: "2030-01-02" });
    await home.add({ title: "Call Cy", due_at: "2030-01-02T17:00:00Z" });
    await there({ zone: "Pacific/Kiritimati" }, async (page, person) => {
      for (const title of ["Call Ada", "Call Cy"]) {
        await person.task(title).click();
        await page.getByLabel("Notes").fill("in the evening");
        await page.getByRole("button", { name: "Save", exact: true }).click();
        await expect(page.getByRole("dialog")).toBeHidden();
      }
    });
    await eventually(async () =>
      (await home.list()).every(({ description }) => description === "in the evening"),
    );
    const tasks = new Map((await home.list()).map((task) => [task.title, task]));
    assert.equal(tasks.get("Call Ada")?.due_date, "2030-01-02");
    assert.equal(tasks.get("Call Cy")?.due_date, null);
    assert.equal(tasks.get("Call Cy")?.due_at, "2030-01-02T17:00:00Z");
  });

  it("the assistant's today is the person's", async () => {
    await there({ zone: "Pacific/Kiritimati" }, async (page, person) => {
      await person.openAssistant();
      await person.say("Add a task to call the dentist today");
      await person.closeAssistant();
      await expect(person.task("Call the dentist")).toBeVisible();
      assert.equal(await due(page, "Call the dentist"), "Today");
    });
  });

  for (const [locale, day, time] of [
    ["de-DE", "2. Jan. 2030", /^2\. Jan\. 2030, 18:00$/],
    ["ar-EG", "٢ يناير ٢٠٣٠", /^٢ يناير ٢٠٣٠، ٦:٠٠ م$/],
    ["en-US", "Jan 2, 2030", /^Jan 2, 2030, 6:00 PM$/],
  ] as const) {
    it(`in the person's language: ${locale}`, async () => {
      await home.add({ title: "Call Ada", due_date: "2030-01-02" });
      await home.add({ title: "Call Cy", due_at: "2030-01-02T17:00:00Z" });
      await there({ locale }, async (page, person) => {
        await expect(person.task("Call Ada")).toBeVisible();
        assert.equal(await due(page, "Call Ada"), day);
        assert.match(await due(page, "Call Cy"), time);
      });
    });
  }

  it("Arabic titles run from right to left, among others that do not", async () => {
    await home.add({ title: "اشتر الحليب!" });
    await home.add({ title: "Buy milk!" });
    await there({ locale: "ar-EG" }, async (page, person) => {
      await expect(person.task("Buy milk!")).toBeVisible();
      const direction = (title: string) =>
        page.evaluate<string>(`getComputedStyle(Array.from(document.querySelectorAll("li button"))
          .find(({ textContent }) => textContent === ${JSON.stringify(title)})).direction`);
      assert.equal(await direction("اشتر الحليب!"), "rtl");
      assert.equal(await direction("Buy milk!"), "ltr");
    });
  });
});
