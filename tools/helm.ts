/** Helm, where the user has it; 3.17 is the first that can take over objects which another tool made. */
import { run, which, type RunOptions, type RunResult } from "./process";
import type { ClusterAddress } from "./kubectl";
import { compareVersions } from "./versions";

export interface HelmCli {
  /** Full path of the program. */
  file: string;
  /** `4.3.1` */
  version: string;
}

/** The oldest Helm with `--take-ownership`. */
export const leastHelm = "3.17.0";

/** The Helm on PATH; undefined where there is none, or only one that is too old. */
export async function installedHelm(): Promise<HelmCli | undefined> {
  const file = which("helm");
  if (file === undefined) return undefined;
  const { stdout } = await run(file, ["version", "--short"], { timeout: 20_000 });
  // One that was built from source names no patch.
  const version = /v?(\d+\.\d+(\.\d+)?)/.exec(stdout)?.[1] ?? "";
  return version !== "" && compareVersions(version, leastHelm) >= 0 ? { file, version } : undefined;
}

/** Helm on a cluster; nothing is thrown. */
export function helm(
  { file }: HelmCli,
  { context, kubeconfig }: ClusterAddress,
  args: readonly string[],
  options: Pick<RunOptions, "input" | "signal"> = {},
): Promise<RunResult> {
  return run(file, ["--kube-context", context, ...args], {
    ...options,
    env: kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig },
  });
}
