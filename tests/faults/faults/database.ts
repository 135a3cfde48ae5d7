import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import type { Fault } from "../support/fault";
import type { Stack } from "../support/stack";

const away: Fault = {
  name: "PostgreSQL is away for 30 s",
  // The application has nothing else to answer from; it says so (503) and comes back by itself.
  mayFail: 1,
  recoversWithin: 30,
  async happen({ cluster }) {
    const [before] = await cluster.podIds("postgres");
    const restarts = await cluster.restarts("backend");
    await cluster.kubectl("scale", "statefulset/postgres", "--replicas=0");
    await cluster.kubectl("wait", "--for=delete", "pod/postgres-0", "--timeout=70s");
    await pause(30_000);
    await cluster.kubectl("scale", "statefulset/postgres", "--replicas=1");
    await cluster.kubectl("rollout", "status", "statefulset/postgres", "--timeout=120s");
    const [after] = await cluster.podIds("postgres");
    assert.notEqual(after, before);
    assert.equal(
      await cluster.restarts("backend"),
      restarts,
      "a lost database restarted back ends",
    );
    return "another pod UID; no back end was restarted";
  },
};

const crashed: Fault = {
  name: "PostgreSQL is killed in the middle of its work",
  mayFail: 1,
  recoversWithin: 60,
  async happen({ cluster }) {
    const [before] = await cluster.podIds("postgres");
    await cluster.kubectl("delete", "pod", "postgres-0", "--grace-period=0", "--force");
    await pause(2000);
    await cluster.kubectl("rollout", "status", "statefulset/postgres", "--timeout=120s");
    const [after] = await cluster.podIds("postgres");
    assert.notEqual(after, before);
    return "another pod UID";
  },
};

const cutOff: Fault = {
  name: "the network to the database is cut for 20 s",
  mayFail: 1,
  recoversWithin: 60,
  async happen(stack) {
    const node = await stack.nodeOf("postgres-0");
    const link = await hostLink(stack, node);
    await stack.onNode(node, "ip", "link", "set", link, "down");
    await pause(20_000);
    const state = await stack.onNode(node, "ip", "-br", "link", "show", link);
    await stack.onNode(node, "ip", "link", "set", link, "up");
    assert.match(state, /DOWN/);
    return `${link} was DOWN`;
  },
};

const slow: Fault = {
  name: "every statement waits up to 2 s, for 20 s",
  // The wait for a connection is limited: beyond it people are told, rather than kept.
  mayFail: 1,
  recoversWithin: 30,
  async happen(stack) {
    const end = Date.now() + 20_000;
    let locks = 0;
    while (Date.now() < end) {
      await stack.sql(
        "BEGIN; LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(2); COMMIT",
      );
      locks++;
    }
    assert.ok(locks > 3);
    return `the table was locked ${locks} times`;
  },
};

const full: Fault = {
  name: "the database's volume is full for 20 s",
  mayFail: 1,
  recoversWithin: 90,
  async happen(stack) {
    const volume = await volumePath(stack);
    const small = `${volume}.small`;
    // Its volume keeps it on this node.
    const node = await stack.nodeOf("postgres-0");
    // A disk of its own with a limit, in the place of the node's.
    const onto = async (mount: string[], from: string, to: string): Promise<void> => {
      await stack.cluster.kubectl("scale", "statefulset/postgres", "--replicas=0");
      await stack.cluster.kubectl("wait", "--for=delete", "pod/postgres-0", "--timeout=70s");
      if (mount.length > 0) await stack.onNode(node, ...mount);
      await stack.onNode(node, "sh", "-c", `cp -a '${from}/.' '${to}/'`);
    };
    const start = async (): Promise<void> => {
      await stack.cluster.kubectl("scale", "statefulset/postgres", "--replicas=1");
      await stack.cluster.kubectl("rollout", "status", "statefulset/postgres", "--timeout=120s");
    };
    await stack.onNode(node, "mkdir", "-p", small);
    await onto(
      ["mount", "-t", "tmpfs", "-o", "size=256m,mode=0777", "tmpfs", small],
      volume,
      small,
    );
    await stack.onNode(node, "mount", "--bind", small, volume);
    await start();
    await stack.onNode(node, "sh", "-c", `cat /dev/zero > '${volume}/filler' 2>/dev/null; true`);
    await pause(20_000);
    const left = await stack.onNode(node, "df", "--output=avail", volume);
    await stack.onNode(node, "rm", "-f", `${volume}/filler`);
    await pause(5000);
    // Back to the node's own disk, with all that was written meanwhile.
    await onto(["umount", volume], small, volume);
    await stack.onNode(node, "umount", small);
    await start();
    assert.equal(Number(left.split("\n")[1]), 0);
    return "0 bytes were free";
  },
};

/** The node's end of the database pod's network cable. */
async function hostLink(stack: Stack, node: string): Promise<string> {
  const address = await stack.cluster.kubectl(
    "get",
    "pod",
    "postgres-0",
    "-o",
    "jsonpath={.status.podIP}",
  );
  const neighbour = await stack.onNode(node, "ip", "neigh", "show", address);
  const mac = /lladdr (\S+)/.exec(neighbour)?.[1];
  assert.ok(mac, `the node has no neighbour ${address}: ${neighbour}`);
  const table = await stack.onNode(node, "bridge", "fdb", "show");
  const link = new RegExp(`^${mac} dev (veth\\S+)`, "m").exec(table)?.[1];
  assert.ok(link, `no link leads to ${mac}`);
  return link;
}

/** Where on the node the database's volume is. */
async function volumePath({ cluster }: Stack): Promise<string> {
  const claim = await cluster.kubectl(
    "get",
    "pvc",
    "data-postgres-0",
    "-o",
    "jsonpath={.spec.volumeName}",
  );
  return cluster.kubectl("get", "pv", claim, "-o", "jsonpath={.spec.local.path}");
}

export const databaseFaults: readonly Fault[] = [away, crashed, cutOff, slow, full];
