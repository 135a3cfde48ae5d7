import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { expect } from "./support/expect";
import { Person } from "./support/person";
import { startBrowser, visitor } from "./support/session";

/** Bytes of script, as they came over the wire (gzipped, with headers), that the first page may cost. */
const budget = 150 * 1024;

describe("the task page's weight", function () {
  this.timeout(60_000);
  let browser: Browser;

  before(async () => {
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
  });

  it("is at most 150 KB of script on a cold visit, before anybody does anything", async () => {
    const signingUp = await visitor(browser);
    const ada = new Person(await signingUp.newPage());
    await ada.signUp();
    await ada.addTask("Buy milk");
    const state = await signingUp.storageState();
    await signingUp.close();

    // Signed in, but with nothing in the cache.
    const cold = await browser.newContext({ storageState: state });
    const page = await cold.newPage();
    const wire = await cold.newCDPSession(page);
    await wire.send("Network.enable");
    const scripts = new Map<string, { url: string; bytes: number }>();
    wire.on("Network.responseReceived", ({ requestId, type, response }) => {
      if (type === "Script") scripts.set(requestId, { url: response.url, bytes: 0 });
    });
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const script = scripts.get(requestId);
      if (script) script.bytes = encodedDataLength;
    });
    const list = new Person(page);
    await page.goto(new URL("/tasks", process.env.BASE_URL).href, { waitUntil: "networkidle" });
    await expect(list.task("Buy milk")).toBeVisible();

    const received = [...scripts.values()].sort((a, b) => b.bytes - a.bytes);
    const total = received.reduce((sum, { bytes }) => sum + bytes, 0);
    console.log(`      ${(total / 1024).toFixed(1)} KB in ${received.length} files`);
    const told = received.map(({ url, bytes }) => `${bytes} ${url}`).join("\n");
    assert.ok(received.length > 3, `no scripts were seen:\n${told}`);
    assert.ok(total <= budget, `${total} bytes of script:\n${told}`);
  });
});
