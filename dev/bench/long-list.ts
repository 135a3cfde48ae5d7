/**
 * `npm run bench -- list [TASKS]`: how long a person waits for a list of many tasks (1500), on a slow phone.
 *
 * Needs a built front end (`cd frontend && npm ci && npm run build`) and Chromium; the back end is replaced by one that answers at
 * once, so that what is measured is the page. Opening: 360 px, processor four times slower, 150 ms, 1.6 Mbit/s, nothing cached.
 * Interactions: the same processor, from the person's input to the frame that shows the result, and beside it the longest event
 * by the browser's own Event Timing (what "Interaction to Next Paint" counts).
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";

import { startBrowser } from "../../tests/browser/support/session";
import { run } from "../../tools/process";
import { median } from "./measure";
import { startTaskServer } from "./task-server";

const repetitions = 5;
const phone = { width: 360, height: 740 };
const slowLine = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (0.75 * 1024 * 1024) / 8,
};

interface Interaction {
  name: string;
  act: (page: Page) => Promise<void>;
  /** An expression that becomes true with the frame that shows the result; `before` is what `note` was before the input. */
  shown: string;
  note?: string;
  /** Brings the page back to where it was. */
  back?: (page: Page) => Promise<void>;
}

const firstRow = `document.querySelector("main li input[type=checkbox]")?.id`;
const view = (name: string) => (page: Page) =>
  page.getByRole("button", { name: new RegExp(`^${name}`) }).click();

const interactions: Interaction[] = [
  {
    name: "tick",
    act: (page) => page.locator("main li input[type=checkbox]:enabled").first().click(),
    note: firstRow,
    shown: `${firstRow} !== before`,
  },
  {
    name: "view: All → Upcoming",
    act: view("Upcoming"),
    note: firstRow,
    shown: `${firstRow} !== before`,
  },
  {
    name: "view: Upcoming → All",
    act: view("All"),
    note: firstRow,
    shown: `${firstRow} !== before`,
  },
  {
    name: "one letter of a search",
    act: (page) => page.getByLabel("Search your tasks").press("z"),
    shown: `document.body.innerText.includes("No task fits")`,
  },
  {
    name: "clear the search",
    act: (page) => page.getByLabel("Search your tasks").press("Backspace"),
    shown: `${firstRow} !== undefined`,
  },
  {
    name: "open the editor",
    act: (page) =>
      page
        .getByRole("button", { name: /^Edit “/ })
        .first()
        .click(),
    shown: `document.querySelector("dialog[open]") !== null`,
    back: (page) => page.keyboard.press("Escape"),
  },
  {
    name: "a letter of a new task",
    act: (page) => page.getByLabel("New task", { exact: true }).press("x"),
    shown: `document.getElementById("new-task").value !== before`,
    note: `document.getElementById("new-task").value`,
  },
];

export async function longList(count = 1500): Promise<void> {
  const backend = await startTaskServer(count);
  const site = await startFrontend(backend.url);
  const browser = await startBrowser();
  try {
    const signedIn = await signUp(browser, site.url);
    console.log(`${count} tasks, processor ×4 slower; medians of ${repetitions}, all in ms\n`);
    console.log("| opening on the slow phone | median | all |\n| --- | --- | --- |");
    const openings = [];
    for (let run = 0; run < repetitions; run++)
      openings.push(await open(browser, site.url, signedIn));
    row(
      "first contentful paint",
      openings.map(({ painted }) => painted),
    );
    row(
      "first row",
      openings.map(({ firstRow }) => firstRow),
    );
    row(
      "script, KB",
      openings.map(({ script }) => script),
    );
    row(
      "everything, KB",
      openings.map(({ total }) => total),
    );

    console.log(
      "\n| interaction | shown after | all | slowest event | all |\n| --- | --- | --- | --- | --- |",
    );
    const context = await browser.newContext({ storageState: signedIn, viewport: phone });
    const page = await context.newPage();
    await (await cdp(context, page)).send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.goto(`${site.url}/tasks`);
    await page.locator("main li input[type=checkbox]:enabled").first().waitFor();
    await pause(5000);
    await page.evaluate(LISTEN);
    const found = new Map(
      interactions.map(({ name }) => [name, [] as { shown: number; event: number }[]]),
    );
    for (let run = 0; run < repetitions; run++) {
      for (const interaction of interactions) {
        const result = await measured(page, interaction);
        console.error(`${interaction.name}: ${whole(result.shown)} ${whole(result.event)}`);
        found.get(interaction.name)?.push(result);
      }
    }
    for (const [name, each] of found) {
      const [shown, event] = [each.map(({ shown }) => shown), each.map(({ event }) => event)];
      console.log(
        `| ${name} | ${whole(median(shown))} | ${shown.map(whole).join(" ")} | ${whole(median(event))} | ${event.map(whole).join(" ")} |`,
      );
    }
  } finally {
    await browser.close();
    await site.close();
    await backend.close();
  }
}

/** Remembers each input's time and the longest event since then. */
const LISTEN = `(() => {
  window.measuring = { input: undefined, longest: 0 };
  const started = (event) => { window.measuring.input ??= event.timeStamp; };
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, started, true);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      window.measuring.longest = Math.max(window.measuring.longest, duration);
    }
  }).observe({ type: "event", durationThreshold: 16 });
})()`;

async function measured(page: Page, { act, shown, note, back }: Interaction) {
  // Armed before the input: looks in every frame, and takes the time after the one that shows it.
  await page.evaluate(`(() => {
    const before = ${note ?? "undefined"};
    window.measuring.input = undefined;
    window.measuring.longest = 0;
    window.measuring.shown = new Promise((resolve) => {
      const look = () => {
        const { input } = window.measuring;
        if (input !== undefined && (${shown})) {
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - input)));
        } else if (input !== undefined && performance.now() - input > 20_000) resolve(Infinity);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  })()`);
  await act(page);
  const time = await page.evaluate<number>("window.measuring.shown");
  await pause(1500);
  const longest = await page.evaluate<number>("window.measuring.longest");
  await back?.(page);
  await pause(1000);
  return { shown: time, event: longest };
}

async function open(browser: Browser, url: string, storageState: State) {
  const context = await browser.newContext({ storageState, viewport: phone, hasTouch: true });
  const page = await context.newPage();
  const wire = await cdp(context, page);
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", slowLine);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const types = new Map<string, string>();
  let [total, script] = [0, 0];
  wire.on("Network.responseReceived", ({ requestId, type }) => types.set(requestId, type));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    total += encodedDataLength;
    if (types.get(requestId) === "Script") script += encodedDataLength;
  });
  await page.addInitScript(`(() => {
    const look = () => {
      if (document.querySelector("main li input[type=checkbox]")) window.firstRow = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })()`);
  await page.goto(`${url}/tasks`);
  await page.locator("main li input[type=checkbox]:enabled").first().waitFor();
  await pause(6000);
  const [painted, firstRow] = await page.evaluate<[number, number]>(`(() => {
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    return [painted.startTime, Math.max(window.firstRow, painted.startTime)];
  })()`);
  await context.close();
  return { painted, firstRow, script: script / 1024, total: total / 1024 };
}

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

async function signUp(browser: Browser, url: string): Promise<State> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/sign-up`);
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("a short sentence works");
  await page.getByRole("button", { name: "Create account", exact: true }).click();
  await page.waitForURL(/\/tasks/);
  const state = await context.storageState();
  await context.close();
  return state;
}

function cdp(context: BrowserContext, page: Page): Promise<CDPSession> {
  return context.newCDPSession(page);
}

async function startFrontend(backendUrl: string): Promise<{ url: string; close(): Promise<void> }> {
  const folder = process.env.FRONTEND ?? path.join(__dirname, "../../frontend");
  const port = await freePort();
  const env = {
    ...{ NODE_ENV: "production", HOSTNAME: "127.0.0.1" },
    ...{ PORT: String(port), BACKEND_URL: backendUrl },
  };
  const stop = new AbortController();
  const options = { env, signal: stop.signal, stopWith: "SIGKILL" } as const;
  const state = { ended: false };
  const server = run(process.execPath, [path.join(folder, ".next/standalone/server.js")], options);
  void server.then(() => (state.ended = true));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    if (state.ended) {
      throw new Error(
        `${folder} is not built: cd frontend && npm run build\n${(await server).stderr}`,
      );
    }
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok === true) {
      return {
        url,
        async close() {
          stop.abort();
          await server;
        },
      };
    }
    await pause(200);
  }
  stop.abort();
  throw new Error("The front end does not answer.");
}

async function freePort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function row(what: string, values: number[]): void {
  console.log(`| ${what} | ${whole(median(values))} | ${values.map(whole).join(" ")} |`);
}

function whole(value: number): string {
  return value.toFixed(0);
}
