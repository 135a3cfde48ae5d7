import { containerd } from "./containerd";
import { docker } from "./docker-in-node";
import type { NodeRuntime } from "./node-runtime";

/** The runtime a node reports, as a NodeRuntime; undefined where images cannot be handed in. */
export function runtimeNamed(name: string): NodeRuntime | undefined {
  return { containerd, docker }[name];
}
