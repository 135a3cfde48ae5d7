/** `npm run dev`: both applications from source with live reload; or, with --cluster, in the pods of the cluster. */
import * as fs from "node:fs";
import * as path from "node:path";
import { composeProgram, ensureComposeEnvironment } from "../compose";
import { given, type Command, type Invocation } from "../command";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { dockerFinding } from "../probes/docker";
import { dockerFacts } from "../../tools/docker";
import { run, runAttached } from "../../tools/process";
import { print } from "../terminal";
import { developInCluster } from "../hot/session";

const FILES = ["docker/docker-compose.yml", "docker/docker-compose.dev.yml"];

export const command: Command = {
  usage: `Usage: npm run dev -- [flags]

Runs front end, back end and PostgreSQL through Docker Compose; an edit shows at once. Ctrl-C ends it all.

  --cluster   instead, run what is saved in every pod of the cluster of npm start, without a build. Ctrl-C builds what
              was edited, and makes ordinary pods again`,
  flags: { cluster: { type: "boolean" } },
  run: (invocation) =>
    given(invocation, "cluster") ? developInCluster(invocation.signal) : compose(invocation),
};

async function compose({ signal }: Invocation): Promise<number> {
  const finding = dockerFinding(await dockerFacts());
  if (finding.level === "missing") {
    throw new UserError(`Docker: ${finding.problem ?? ""}`, [finding.remedy ?? "", "npm run dev"]);
  }
  const [file, ...words] = await composeProgram();
  const missing = FILES.filter((file) => !fs.existsSync(path.join(root, file)));
  if (missing.length > 0) throw new UserError(`${missing.join(", ")} is missing in this clone.`);
  ensureComposeEnvironment();
  const args = [...words, ...FILES.flatMap((name) => ["-f", name])];
  print("Front end on http://localhost:3000. Ctrl-C ends everything; the data stays in a volume.");
  const code = await runAttached(file, [...args, "up", "--build"], { cwd: root, signal });
  // Compose stops its containers on Ctrl-C and keeps them; the next run must not meet old ones.
  await run(file, [...args, "down"], { cwd: root, timeout: 60_000 });
  return signal.aborted ? 0 : code;
}
