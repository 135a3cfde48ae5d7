import type { Page } from "playwright-core";

/** Loads the page as the server makes it while the back end is away: without the list. */
export async function loadWithoutList(page: Page): Promise<void> {
  await page.route("**/tasks", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(
      /"tasks":\{"tasks":.*?"total":\d+\}/,
      '"tasks":null',
    );
    await route.fulfill({ response: answer, body });
  });
  await page.reload();
  await page.unroute("**/tasks");
}
