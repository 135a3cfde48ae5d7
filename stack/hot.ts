import type { WorkloadArgs } from "../manifests/deployment";
import type { HotArgs } from "../manifests/hot";

/**
 * Which applications run their files as they are saved: all that the program has to know of
 * `npm run dev -- --cluster`. It comes by the environment of one update and is kept nowhere, so that the next update
 * of anybody makes the stack as it is configured again.
 */
export interface HotChoice {
  /** The back end's pods, and those of the MCP server where it has its own. */
  backend?: HotArgs;
  /** The front end's. */
  frontend?: HotArgs & {
    /** Folder of its package.json within the build context. */
    folder: string;
  };
}

/** The variable of an update's environment that says so. */
export const hotVariable = "TODO_APP_HOT";

/** The variable's value. */
export function hotValue(choice: HotChoice): string {
  return JSON.stringify(choice);
}

/** What an environment says. */
export function hotChoice(environment: NodeJS.ProcessEnv = process.env): HotChoice {
  return JSON.parse(environment[hotVariable] || "{}") as HotChoice;
}

/**
 * For a moment there are two versions of the back end, and the front end's server compiles: with what a pod needs to serve it
 * would be ended for its memory, and an edit would take as long as half a processor needs.
 */
const limits = {
  python: { cpuLimit: "2", memoryLimit: "1Gi" },
  node: { cpuLimit: "2", memoryLimit: "2Gi" },
} as const satisfies Record<HotArgs["runtime"], unknown>;

/** A workload whose pods run saved files, or the same as it is. */
export function withHot<Args extends Omit<WorkloadArgs, "image">>(
  args: Args,
  hot: HotArgs | undefined,
): Args {
  if (hot === undefined) return args;
  const { runtime } = hot;
  const resources = { ...args.pod.resources, ...limits[runtime] };
  return { ...args, pod: { ...args.pod, resources }, hot: { runtime } };
}
