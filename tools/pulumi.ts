/** The Pulumi CLI: the user's own, the one fetched earlier, or a new download; or the reason why none. */
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import * as fs from "node:fs";
import * as path from "node:path";
import { unreachable } from "./downloads";
import { cacheFolder } from "./paths";
import { run, which } from "./process";
import { compareVersions, versionIn } from "./versions";

export interface PulumiCli {
  /** Full path of the program. */
  file: string;
  /** `3.259.0` */
  version: string;
}

/** The oldest CLI that speaks to the SDK of this project: same minor version, any patch. */
export const leastPulumi = `${sdkVersion.split(".").slice(0, 2).join(".")}.0`;

/** Where one that was fetched is. */
const own = path.join(cacheFolder(), "pulumi");

/** Providers that the stack uses; the CLI downloads a missing one, which a closed network cannot. */
const PROVIDERS = ["kubernetes", "docker", "random"];

const INSTALLER = "https://get.pulumi.com/install.sh";
const PLUGINS = "https://get.pulumi.com/releases/plugins/";

/** What a CLI says about itself; undefined when it does not run. */
async function asked(file: string): Promise<PulumiCli | undefined> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await run(file, ["version"], { timeout: 20_000, env });
  const version = versionIn(stdout);
  return code === 0 && version !== "" ? { file, version } : undefined;
}

/** Every CLI on this machine that might do, in the order in which they are preferred. */
function candidates(): string[] {
  const fetched = path.join(own, "bin", "pulumi");
  return [which("pulumi"), fs.existsSync(fetched) ? fetched : undefined].filter(
    (file) => file !== undefined,
  );
}

let found: { searched: string; cli: Promise<PulumiCli | undefined> } | undefined;

/**
 * A CLI that is there already and new enough for the SDK: the same one for every command, since an older one would meet
 * a state that a newer one wrote. Asked once in a process.
 */
export function installedPulumi(): Promise<PulumiCli | undefined> {
  const searched = candidates().join(path.delimiter);
  if (found?.searched !== searched) found = { searched, cli: search() };
  return found.cli;
}

async function search(): Promise<PulumiCli | undefined> {
  for (const file of candidates()) {
    const cli = await asked(file);
    if (cli !== undefined && compareVersions(cli.version, leastPulumi) >= 0) return cli;
  }
  return undefined;
}

/** The one on PATH when it is too old to be used, or does not run (`version` is empty then). */
export async function unusablePulumi(): Promise<PulumiCli | undefined> {
  const [file] = candidates();
  return file === undefined ? undefined : ((await asked(file)) ?? { file, version: "" });
}

async function missingProviders(cli: PulumiCli): Promise<string[]> {
  const { stdout } = await run(cli.file, ["plugin", "ls", "--json"], { timeout: 20_000 });
  const installed = (JSON.parse(stdout || "[]") as { name: string }[]).map(({ name }) => name);
  // Plugins may also lie beside the CLI or on PATH, where `plugin ls` does not look.
  return PROVIDERS.filter(
    (name) =>
      !installed.includes(name) &&
      which(`pulumi-resource-${name}`) === undefined &&
      !fs.existsSync(path.join(path.dirname(cli.file), `pulumi-resource-${name}`)),
  );
}

/**
 * A CLI that can run this stack, fetched if need be; else the reason in a few words.
 * @param report told before a download
 */
export async function obtainPulumi(
  report: (line: string) => void,
): Promise<PulumiCli | { because: string }> {
  const present = await installedPulumi();
  if (present !== undefined) {
    const missing = await missingProviders(present);
    if (missing.length === 0) return present;
    const reason = await unreachable(PLUGINS);
    // The folder itself may answer 403 or 404: only a host that is out of reach counts.
    if (reason === undefined || / answers \d/.test(reason)) return present;
    return { because: `Pulumi's providers (${missing.join(", ")}) cannot be had: ${reason}` };
  }
  const reason = await unreachable(INSTALLER);
  if (reason !== undefined) {
    const [file] = candidates();
    const old = file === undefined ? "" : ` (${file} is older than ${leastPulumi})`;
    return { because: `Pulumi cannot be had: ${reason}${old}` };
  }
  report(`Pulumi: fetching ${sdkVersion} (about 120 MB)`);
  // Loaded only here: it takes half a second.
  const { PulumiCommand } = await import("@pulumi/pulumi/automation");
  const { command } = await PulumiCommand.install({ root: own });
  return { file: command, version: sdkVersion };
}
