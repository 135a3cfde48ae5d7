import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { databaseFaults } from "./faults/database";
import { nodeRestart } from "./faults/node";
import { podFaults } from "./faults/pods";
import type { Fault } from "./support/fault";
import { type Row, writeReport } from "./support/report";
import { sharedStack, type Stack } from "./support/stack";
import { during, lostRows, percentile, recovery, Traffic } from "./support/traffic";

const minutes = 60_000;
/** Little enough for two cores: what is looked for is what a fault does, not what load does. */
const PER_SECOND = 20;

/** Faults in a running stack, under steady traffic of 30 % writes through the front end's NodePort. */
describe("a stack with faults", function () {
  this.timeout(10 * minutes);
  let stack: Stack;
  const rows: Row[] = [];

  before(async function () {
    this.timeout(30 * minutes);
    stack = await sharedStack();
  });

  afterEach("everything is in order before the next fault", async () => {
    await stack.settled();
  });

  after(() => {
    writeReport(rows);
  });

  for (const fault of [...podFaults, ...databaseFaults, nodeRestart]) {
    it(`${fault.name}: ${promise(fault)}`, async () => {
      const users = await stack.users(3);
      let proof = "";
      let seconds = 0;
      let recovered: number | undefined;
      const report = await during(new Traffic(users, PER_SECOND), async (traffic) => {
        await pause(5000);
        assert.ok(traffic.quietFor(3), "requests failed before anything had gone wrong");
        const began = traffic.now;
        proof = await fault.happen(stack);
        seconds = (traffic.now - began) / 1000;
        recovered = await recovery(traffic, fault.recoversWithin);
      });

      const lost = await lostRows(report.acknowledged);
      const failing = report.outcomes.filter(({ failure }) => failure !== undefined);
      rows.push({
        fault: fault.name,
        proof,
        sent: report.sent,
        failed: report.failed,
        failures: report.failures,
        seconds,
        recovered,
        lost: lost.length,
        p99: percentile(report.outcomes, 0.99),
      });
      assert.deepEqual(lost, [], "acknowledged rows are gone");
      assert.ok(
        failing.length <= fault.mayFail * report.sent,
        `${failing.length} of ${report.sent} requests failed: ${JSON.stringify(report.failures)}`,
      );
      assert.notEqual(
        recovered,
        undefined,
        `it was not well again after ${fault.recoversWithin} s`,
      );
    });
  }
});

function promise({ mayFail }: Fault): string {
  return mayFail === 0 ? "nobody notices" : "nothing acknowledged is lost, and it recovers";
}
