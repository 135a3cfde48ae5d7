import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { steadyRate } from "./support/capacity";
import { sharedStack, type Stack } from "./support/stack";
import {
  during,
  lostRows,
  percentile,
  recovery,
  Traffic,
  type TrafficReport,
} from "./support/traffic";

const minutes = 60_000;

/** Nodes that are taken out of service, as for an upgrade of each: with TODO_FAULTS_NODES=2. */
describe("draining a node of two", function () {
  this.timeout(10 * minutes);
  let stack: Stack;
  let rate = 0;
  let withDatabase = "";

  before(async function () {
    this.timeout(30 * minutes);
    if (process.env.TODO_FAULTS_NODES !== "2") {
      this.skip();
    }
    stack = await sharedStack();
    await stack.settled();
    withDatabase = await stack.nodeOf("postgres-0");
    rate = await steadyRate(await stack.users(4));
  });

  /** Drains a node under load, takes it back into service, and waits until requests are answered again for good. */
  async function drained(node: string): Promise<TrafficReport> {
    const { cluster } = stack;
    return during(new Traffic(await stack.users(4), rate), async (traffic) => {
      await pause(3000);
      try {
        await cluster.kubectl(
          ...["drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=300s"],
        );
        const left = await cluster.kubectl(
          ...["get", "pods", "-o", "name", `--field-selector=spec.nodeName=${node}`],
        );
        assert.equal(left, "", "pods are left on the node");
      } finally {
        await cluster.kubectl("uncordon", node);
      }
      await stack.settled();
      assert.notEqual(await recovery(traffic, 30), undefined, "requests fail 30 s after the drain");
    });
  }

  it("loses no request where the database is not", async () => {
    const node = stack.sandbox.nodes.find((name) => name !== withDatabase);
    assert.ok(node);
    assert.ok(await someRunOn(node), `nothing of the application runs on ${node}`);
    const report = await drained(node);
    print(`${node}, without the database, at ${rate}/s`, report);
    assert.deepEqual(report.failures, {});
    assert.deepEqual(await lostRows(report.acknowledged), []);
  });

  it("loses no row where the database is, and is back after it", async () => {
    const report = await drained(withDatabase);
    const failed = report.outcomes.filter(({ failure }) => failure !== undefined);
    const times = failed.map(({ at }) => at);
    const seconds = failed.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1000;
    print(`${withDatabase}, with the database, at ${rate}/s, ${seconds.toFixed(1)} s down`, report);
    assert.deepEqual(await lostRows(report.acknowledged), []);
  });

  async function someRunOn(node: string): Promise<boolean> {
    const pods = await stack.cluster.kubectl(
      ...["get", "pods", "-l", "app in (backend, frontend)", "-o", "name"],
      `--field-selector=spec.nodeName=${node}`,
    );
    return pods.trim() !== "";
  }
});

function print(what: string, { sent, failed, failures, outcomes }: TrafficReport): void {
  const p99 = percentile(outcomes, 0.99).toFixed(0);
  console.log(
    `      ${what}: ${sent} requests, ${failed} failed ${JSON.stringify(failures)}, p99 ${p99} ms`,
  );
}
