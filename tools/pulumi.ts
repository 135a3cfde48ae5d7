/** The Pulumi CLI: the user's own, the one fetched earlier, or a new download; or the reason why none. */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import * as fs from "node:fs";
import * as path from "node:path";
import { leastPulumi } from "../cli/probes";
import { unreachable } from "../cli/probes/downloads";
import { compareVersions } from "../cli/probes/finding";
import { findProgram, ownPulumi } from "../cli/probes/programs";
import { run, which } from "./process";
import { print } from "../cli/terminal";

export interface PulumiCli {
  /** Full path of the program. */
  file: string;
  version: PulumiCommand["version"];
}

/** Providers that the stack uses; the CLI downloads a missing one, which a closed network cannot. */
const PROVIDERS = ["kubernetes", "docker", "random"];

const INSTALLER = "https://get.pulumi.com/install.sh";
const PLUGINS = "https://get.pulumi.com/releases/plugins/";

/** Asks a CLI for its version through the SDK, which has its own rules for what it can talk to. */
async function asked(file: string): Promise<PulumiCommand | undefined> {
  const folder = path.dirname(file);
  const root = path.basename(folder) === "bin" ? { root: path.dirname(folder) } : {};
  try {
    return await PulumiCommand.get({ ...root, skipVersionCheck: true });
  } catch {
    return undefined;
  }
}

/** A CLI that is there already and new enough for the SDK. */
export async function installedPulumi(): Promise<PulumiCli | undefined> {
  const fetched = path.join(ownPulumi, "bin", "pulumi");
  for (const file of [which("pulumi"), fs.existsSync(fetched) ? fetched : undefined]) {
    if (file === undefined) continue;
    const version = (await asked(file))?.version;
    if (version && compareVersions(version.version, leastPulumi) >= 0) return { file, version };
  }
  return undefined;
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

/** A CLI that can run this stack, fetched if need be; else the reason in a few words. */
export async function obtainPulumi(): Promise<PulumiCli | { because: string }> {
  const present = await installedPulumi();
  if (present !== undefined) {
    const missing = await missingProviders(present);
    if (missing.length === 0) return present;
    const reason = await unreachable(PLUGINS);
    // The folder itself may answer 403 or 404: only a host that is out of reach counts.
    if (reason === undefined || / answers \d/.test(reason)) return present;
    return { because: `Pulumi's providers (${missing.join(", ")}) cannot be had: ${reason}` };
  }
  const own = findProgram("pulumi");
  const reason = await unreachable(INSTALLER);
  if (reason !== undefined) {
    const old = own === undefined ? "" : ` (${own} is older than ${leastPulumi})`;
    return { because: `Pulumi cannot be had: ${reason}${old}` };
  }
  print(`Pulumi: fetching ${sdkVersion} (about 120 MB)`);
  const { command, version } = await PulumiCommand.install({ root: ownPulumi });
  return { file: command, version };
}
