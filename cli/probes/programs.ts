/** Node, npm, Git, kubectl, Pulumi and Minikube: programs that are there or not. */
import * as path from "node:path";
import { installedPulumi, leastPulumi, unusablePulumi } from "../../tools/pulumi";
import { run, which } from "../../tools/process";
import { type Finding } from "./finding";
import { compareVersions, versionIn } from "../../tools/versions";

async function ask(program: string | undefined, args: string[]): Promise<string> {
  if (program === undefined) return "";
  const { code, stdout, stderr } = await run(program, args, {
    timeout: 10_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return code === 0 ? versionIn(stdout || stderr) : "";
}

interface Program {
  tool: string;
  file: string | undefined;
  args: string[];
  /** The oldest version that works. */
  least?: string;
  remedy: string;
  whenAbsent: Finding["level"];
  absent: string;
}

async function probe(program: Program): Promise<Finding> {
  const { tool, file, least, remedy } = program;
  if (file === undefined) {
    const { absent: problem, whenAbsent: level } = program;
    return { tool, found: "", version: "", problem, remedy, level };
  }
  const version = await ask(file, program.args);
  if (version === "") {
    const problem = `does not run (${path.basename(file)} ${program.args.join(" ")})`;
    return { tool, found: file, version, problem, remedy, level: program.whenAbsent };
  }
  if (least !== undefined && compareVersions(version, least) < 0) {
    const problem = `too old: ${least} or newer is needed`;
    return { tool, found: file, version, problem, remedy, level: program.whenAbsent };
  }
  return { tool, found: file, version, level: "fine" };
}

export function probeNode(): Finding {
  return {
    tool: "Node",
    found: process.execPath,
    version: process.versions.node,
    level: "fine",
  };
}

export function probeNpm(): Promise<Finding> {
  return probe({
    tool: "npm",
    file: which("npm"),
    args: ["--version"],
    remedy: "it comes with Node: https://nodejs.org",
    whenAbsent: "missing",
    absent: "not on PATH",
  });
}

export function probeGit(): Promise<Finding> {
  return probe({
    tool: "Git",
    file: which("git"),
    args: ["--version"],
    remedy: "https://git-scm.com/downloads, or your system's packages",
    whenAbsent: "optional",
    absent: "not on PATH",
  });
}

export function probeKubectl(): Promise<Finding> {
  return probe({
    tool: "kubectl",
    file: which("kubectl"),
    args: ["version", "--client"],
    remedy: "npm start gets it; or https://kubernetes.io/docs/tasks/tools/",
    whenAbsent: "optional",
    absent: "not on PATH",
  });
}

export async function probePulumi(): Promise<Finding> {
  const tool = "Pulumi";
  const cli = await installedPulumi();
  if (cli !== undefined) return { tool, found: cli.file, version: cli.version, level: "fine" };
  const old = await unusablePulumi();
  const problem =
    old === undefined
      ? "not on PATH"
      : old.version === ""
        ? "does not run (pulumi version)"
        : `too old: ${leastPulumi} or newer is needed`;
  return {
    ...{ tool, found: old?.file ?? "", version: old?.version ?? "", problem },
    remedy: "npm start gets it; or https://www.pulumi.com/docs/install/",
    level: "optional",
  };
}

export function probeMinikube(): Promise<Finding> {
  return probe({
    tool: "Minikube",
    file: which("minikube"),
    args: ["version", "--short"],
    remedy: "npm start gets it; or https://minikube.sigs.k8s.io/docs/start/",
    whenAbsent: "optional",
    absent: "not on PATH",
  });
}
