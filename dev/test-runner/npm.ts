/** The front end's own packages: `npm ci` once for each state of its lock file. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { run, tail } from "../../tools/process";
import { note } from "../../cli/terminal";

export const frontendFolder = path.join(root, "frontend");

type Packages = Record<
  string,
  { version?: string; optional?: boolean; peer?: boolean } | undefined
>;

function packagesOf(file: string): Packages {
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { packages: Packages }).packages;
}

/** npm writes its own list of what it installed when it is done: somebody may have run it by hand. */
function isInstalled(lock: string, modules: string): boolean {
  const hidden = path.join(modules, ".package-lock.json");
  if (!fs.existsSync(hidden)) return false;
  const present = packagesOf(hidden);
  return Object.entries(packagesOf(lock)).every(
    ([name, wanted]) =>
      name === "" || wanted?.optional || wanted?.peer || present[name]?.version === wanted?.version,
  );
}

export async function ensureFrontendPackages(signal: AbortSignal): Promise<void> {
  const lock = path.join(frontendFolder, "package-lock.json");
  const modules = path.join(frontendFolder, "node_modules");
  const digest = createHash("sha256").update(fs.readFileSync(lock)).digest("hex");
  const stamp = path.join(modules, ".installed-from");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === digest) return;
  if (!isInstalled(lock, modules)) {
    note("Installing the front end's packages (npm ci, once) …");
    const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
    const result = await run("npm", args, { cwd: frontendFolder, env: withoutNpm(), signal });
    signal.throwIfAborted();
    if (result.code !== 0) {
      throw new UserError(`npm ci in frontend failed:\n${tail(result.stdout + result.stderr, 20)}`);
    }
  }
  fs.writeFileSync(stamp, digest);
}

/** An npm inside an npm script would otherwise take the outer one's project for its own. */
export function withoutNpm(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) =>
    /^npm_(package|lifecycle|config_local_prefix|config_prefix|command|execpath|node)/.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
