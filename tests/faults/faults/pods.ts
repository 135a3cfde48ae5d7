import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import type { Fault } from "../support/fault";
import type { Stack } from "../support/stack";

/** A pod that is deleted with its usual grace: a node that is drained, a scale-down. */
function evicted(app: string): Fault {
  return {
    name: `a ${app} pod is deleted`,
    mayFail: 0,
    recoversWithin: 30,
    async happen({ cluster }) {
      const [pod] = await cluster.servingPods(app);
      assert.ok(pod);
      await cluster.kubectl("delete", "pod", pod.metadata.name);
      const left = await cluster.podIds(app);
      assert.ok(!left.includes(pod.metadata.uid));
      return `pod ${pod.metadata.name} is gone`;
    },
  };
}

/** All processes of a pod end at once, without a signal that they could act on: a crash. */
function killed(app: string): Fault {
  return {
    name: `the process of a ${app} pod is killed`,
    // What was under way in that process is lost to its callers; nothing else.
    mayFail: 0.05,
    recoversWithin: 60,
    async happen(stack) {
      const before = await stack.cluster.restarts(app);
      const [pod] = await stack.cluster.servingPods(app);
      assert.ok(pod);
      const node = await stack.nodeOf(pod.metadata.name);
      const process = await mainProcess(stack, node, pod.metadata.uid);
      await stack.onNode(node, "kill", "-KILL", process);
      for (let tries = 0; tries < 120; tries++) {
        await pause(500);
        if ((await stack.cluster.restarts(app)) > before)
          return `container restarts ${before} → ${before + 1}`;
      }
      throw new Error(`no container of ${app} was restarted`);
    },
  };
}

/** The kernel ends the server because its pod is over its memory limit. */
const outOfMemory: Fault = {
  name: "a backend pod runs out of memory",
  mayFail: 0.05,
  recoversWithin: 60,
  async happen(stack) {
    const [pod] = await stack.cluster.servingPods("backend");
    assert.ok(pod);
    const { name } = pod.metadata;
    // The kernel ends the process that has most, and prefers the one marked with 1000: the memory is eaten in pieces, each
    // smaller than the server.
    const eat =
      "import os,time\nopen('/proc/1/oom_score_adj','w').write('1000')\n" +
      "for n in range(14):\n  if os.fork()==0:\n    x=b'x'*(40<<20)\n    time.sleep(60)\n    os._exit(0)\n" +
      "time.sleep(60)";
    await stack.cluster
      .kubectl("exec", name, "-c", "backend", "--", "python", "-c", eat)
      .catch(() => undefined);
    for (let tries = 0; tries < 60; tries++) {
      const reason = await stack.cluster.kubectl(
        ...["get", "pod", name, "-o"],
        "jsonpath={.status.containerStatuses[0].lastState.terminated.reason}",
      );
      if (reason === "OOMKilled") return "last state of the container: OOMKilled";
      await pause(500);
    }
    throw new Error("the container was not ended for want of memory");
  },
};

/** The node's number of the first process of a pod's container. */
export async function mainProcess(stack: Stack, node: string, uid: string): Promise<string> {
  const tidy = uid.replaceAll("-", "[-_]");
  const found = await stack.onNode(
    ...[node, "sh", "-c"],
    // The pause container of the pod has only the process /pause.
    `for p in /proc/[0-9]*; do grep -qs '${tidy}' $p/cgroup && ! grep -qs '^/\\?pause' $p/cmdline && ` +
      `[ "$(sed -n 's/^NSpid:.*\\t//p' $p/status)" = 1 ] && basename $p; done; true`,
  );
  const [first] = found.trim().split("\n");
  assert.ok(first, "no process of the pod was found on the node");
  return first;
}

export const podFaults: readonly Fault[] = [
  evicted("backend"),
  evicted("frontend"),
  killed("backend"),
  killed("frontend"),
  outOfMemory,
];
