import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { steadyRate } from "./support/capacity";
import { sharedStack, type Stack } from "./support/stack";
import { during, lostRows, percentile, Traffic } from "./support/traffic";

const minutes = 60_000;

/** What everybody does all the time must go unnoticed: no answer but a good one, however busy it is. */
describe("updates, scale-downs and evictions under load", function () {
  this.timeout(10 * minutes);
  let stack: Stack;
  /** Requests a second: 70 % of what it can do, and 200 at most. */
  let rate = 0;

  before(async function () {
    this.timeout(30 * minutes);
    stack = await sharedStack();
    rate = await steadyRate(await stack.users(4));
  });

  async function unnoticed(what: string, change: () => Promise<void>): Promise<void> {
    const report = await during(new Traffic(await stack.users(4), rate), async () => {
      await pause(3000);
      await change();
      await pause(10_000); // old pods serve until their preStop is over
    });
    console.log(
      `      ${what}: ${report.sent} requests, ${report.failed} failed, ` +
        `p50 ${percentile(report.outcomes, 0.5).toFixed(0)} ms, p99 ${percentile(report.outcomes, 0.99).toFixed(0)} ms`,
    );
    assert.deepEqual(report.failures, {});
    assert.deepEqual(await lostRows(report.acknowledged), []);
  }

  for (const app of ["backend", "frontend"]) {
    it(`restarts every ${app} pod, three times`, async () => {
      for (let round = 1; round <= 3; round++) {
        const before = await stack.cluster.podIds(app);
        await unnoticed(`rollout ${round} of ${app}`, async () => {
          await stack.cluster.kubectl("rollout", "restart", `deployment/${app}`);
          await stack.cluster.kubectl("rollout", "status", `deployment/${app}`, "--timeout=300s");
        });
        const after = await stack.cluster.podIds(app);
        assert.ok(
          after.every((uid) => !before.includes(uid)),
          "an old pod is still there",
        );
      }
    });
  }

  it("rolls out one changed line of the back end", async () => {
    const before = await stack.cluster.podIds("backend");
    const main = stack.project.path("backend", "app", "main.py");
    appendFileSync(main, '\napp.version = "changed-under-load"\n');
    await unnoticed("update", async () => {
      const { code, output } = await stack.project.run("start");
      assert.equal(code, 0, output);
    });
    const after = await stack.cluster.podIds("backend");
    assert.ok(
      after.every((uid) => !before.includes(uid)),
      "an old pod is still there",
    );
  });

  it("evicts a pod of each application, as draining a node does", async () => {
    await unnoticed("evictions", async () => {
      for (const app of ["backend", "frontend"]) {
        const [pod] = await stack.cluster.servingPods(app);
        assert.ok(pod);
        await evict(stack, pod.metadata.name);
        await stack.settled();
      }
    });
  });
});

/** Asks the API for an eviction, which a PodDisruptionBudget may refuse, unlike a deletion. */
async function evict({ cluster }: Stack, pod: string): Promise<void> {
  const { namespace } = cluster;
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: pod, namespace },
  };
  await cluster.create(`/api/v1/namespaces/${namespace}/pods/${pod}/eviction`, eviction);
}
