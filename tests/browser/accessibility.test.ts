import type { Browser, BrowserContext } from "playwright-core";
import { assertAccessible } from "./support/accessibility";
import { Person } from "./support/person";
import { keepPicture, startBrowser, type Visit, visitor } from "./support/session";
import { states } from "./support/states";

type Named = [name: string, visit: Visit];

/** Each state in both themes, on the smallest screen, and at 200 %. */
const usual: Named[] = [
  ["desktop-light", { screen: "desktop", theme: "light" }],
  ["phone-dark", { screen: "phone", theme: "dark" }],
  ["desktop-200-percent", { screen: "desktop", theme: "light", zoom: 2 }],
];
/** Two minutes more: AXE=all looks at these too. */
const others: Named[] = [
  ["desktop-dark", { screen: "desktop", theme: "dark" }],
  ["phone-light", { screen: "phone", theme: "light" }],
];
const visits = process.env.AXE === "all" ? [...usual, ...others] : usual;

/** WCAG 2.2 AA, as far as a program can tell, in every state of every page. */
for (const [name, visit] of visits) {
  describe(`accessible (${name})`, function () {
    this.timeout(90_000);
    let browser: Browser;
    let context: BrowserContext;
    let person: Person;

    before(async () => {
      browser = await startBrowser();
      context = await visitor(browser, visit);
      person = new Person(await context.newPage());
    });

    after(async () => {
      await browser.close();
    });

    for (const state of states) {
      it(state.name, async () => {
        await state.reach(person);
        await keepPicture(person.page, `${name}-${state.name.replace(/\W+/g, "-")}`);
        await assertAccessible(person.page, state.name);
      });
    }
  });
}
