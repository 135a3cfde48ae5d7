import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where a browser's screenshots go: kept as artefacts by CI, never committed. */
export const artefacts = join(__dirname, "../../../artifacts/browser");

/** Debian's; another one's path can be given. */
const program = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** The screens that people have: a laptop's, and the smallest phone's that counts. */
export const screens = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 360, height: 740 },
} as const;

export type Screen = keyof typeof screens;
export type Theme = "light" | "dark";

export interface Visit {
  screen?: Screen;
  theme?: Theme;
  /** How much larger everything is shown, as by the browser's own zoom: 2 is 200 %. */
  zoom?: number;
  /** Another way to the site than its own address. */
  url?: string;
  /** The browser's IANA time zone. */
  zone?: string;
  /** The browser's language. */
  locale?: string;
  /** False: the browser runs no scripts. */
  script?: boolean;
}

/** The address of the running front end that is tested. */
export function baseUrl(): string {
  const url = process.env.BASE_URL;
  if (!url) {
    throw new Error(
      "BASE_URL is not set: give the address of a running front end, e.g. BASE_URL=http://127.0.0.1:30300",
    );
  }
  return url;
}

export async function startBrowser(): Promise<Browser> {
  if (!existsSync(program)) {
    throw new Error(`There is no browser at ${program}: apt install chromium, or set CHROMIUM.`);
  }
  mkdirSync(artefacts, { recursive: true });
  // As root, as in most containers, Chromium has no sandbox of its own.
  return chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
}

/** A new visitor: no cookies, nothing cached. */
export async function visitor(browser: Browser, visit: Visit = {}): Promise<BrowserContext> {
  const { screen = "desktop", theme = "light", zoom = 1, url = baseUrl() } = visit;
  const { zone = "Europe/Berlin", locale = "en-GB", script = true } = visit;
  const { width, height } = screens[screen];
  const context = await browser.newContext({
    baseURL: url,
    // Zooming in leaves the page fewer pixels of its own to lay out.
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    hasTouch: screen === "phone",
    colorScheme: theme,
    locale,
    timezoneId: zone,
    javaScriptEnabled: script,
  });
  context.setDefaultTimeout(20_000);
  return context;
}

export async function keepPicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(artefacts, `${name}.png`), animations: "disabled" });
}
