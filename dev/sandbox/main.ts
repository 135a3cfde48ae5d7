/** `node --import tsx dev/sandbox/main.ts up|down|delete|status|env`: the sandbox cluster by hand. */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { deleteSandbox, sandboxStatus, startSandbox, stopSandbox } from "./index";

const usage = `usage: main.ts up [--nodes N] [--recreate] [--reserve-system yes|no] | down | delete | status | env
  up      makes or starts the cluster; prints how to use it
  down    stops it and keeps what it holds
  delete  deletes it with all that it holds
  status  says whether it runs and what \`up\` would install
  env     prints shell commands that choose it: eval "$(… env)"`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      nodes: { type: "string" },
      recreate: { type: "boolean" },
      "reserve-system": { type: "string" },
    },
  });
  switch (positionals.join(" ")) {
    case "up": {
      const nodes = values.nodes === undefined ? undefined : Number(values.nodes);
      if (nodes !== undefined && !(nodes >= 1 && nodes <= 5)) {
        throw new Error(`--nodes is "${values.nodes}"; give a number from 1 to 5.`);
      }
      const reserve = values["reserve-system"];
      const stop = new AbortController();
      process.once("SIGINT", () => {
        stop.abort(new Error("Stopped; the next `up` continues."));
      });
      const sandbox = await startSandbox({
        nodes,
        recreate: values.recreate,
        reserveSystem: reserve === undefined ? undefined : reserve === "yes",
        report: (line) => {
          console.error(`${new Date().toTimeString().slice(0, 8)} ${line}`);
        },
        signal: stop.signal,
      });
      console.log(`ready: ${sandbox.nodes.join(", ")}; the application's port is ${sandbox.url}`);
      console.log(`export KUBECONFIG=${sandbox.kubeconfig}`);
      return 0;
    }
    case "down":
      await stopSandbox();
      return 0;
    case "delete":
      await deleteSandbox();
      return 0;
    case "status":
      return printStatus();
    case "env": {
      const { state } = await sandboxStatus();
      if (state !== "running")
        throw new Error(`The sandbox cluster is ${state}: run \`up\` first.`);
      const sandbox = await startSandbox();
      console.log(`export KUBECONFIG='${sandbox.kubeconfig}'`);
      console.log(`export PATH='${dirname(sandbox.kubectl)}':"$PATH"`);
      return 0;
    }
    default:
      console.error(usage);
      return 2;
  }
}

async function printStatus(): Promise<number> {
  const { state, needs, problems } = await sandboxStatus();
  console.log(state);
  for (const need of needs)
    console.log(`  needs ${need.what}: ${need.minutes} min, ${need.diskMb} MB`);
  for (const problem of problems) console.log(`  problem: ${problem}`);
  return problems.length > 0 ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
