import type { Browser } from "playwright-core";
import { Person } from "./person";
import { keepPicture, startBrowser, type Visit, visitor } from "./session";

/**
 * Gives the suite that is being described a browser with one person in it, and a picture of each test that fails.
 * What a test puts in requests' way ends with it.
 *
 * @param name the pictures', and the suite's
 * @param begin takes the person, and does what comes before the first test; waited for
 */
export function withPerson(
  name: string,
  visit: Visit,
  begin: (person: Person, browser: Browser) => unknown,
): void {
  let browser: Browser | undefined;
  let person: Person;

  before(async () => {
    browser = await startBrowser();
    person = new Person(await (await visitor(browser, visit)).newPage());
    await begin(person, browser);
  });

  after(() => browser?.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await keepPicture(person.page, `failed-${name}`);
    await person.page.unrouteAll({ behavior: "ignoreErrors" });
  });
}
