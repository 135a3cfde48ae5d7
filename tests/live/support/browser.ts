import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

const specs = path.join(__dirname, "..", "..", "browser");
const load = createRequire(__filename);

/** Whether there is a Chromium, after having tried to install Debian's where there is none. */
export function hasBrowser(): boolean {
  const program = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (existsSync(program)) return true;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log("      installing chromium once …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env, stdio: "ignore" } as const;
  try {
    execFileSync("apt-get", ["update", "-qq"], options);
    execFileSync(
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
      options,
    );
  } catch {
    return false;
  }
  return existsSync(program);
}

/** Puts the journeys of tests/browser into the suite that is being described, against this address. */
export function browserJourneys(url: string): void {
  process.env.BASE_URL = url;
  for (const file of readdirSync(specs).filter((name) => name.endsWith(".test.ts"))) {
    load(path.join(specs, file));
  }
}
