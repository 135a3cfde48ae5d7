/** Node, npm, Git, kubectl, Pulumi and Minikube: programs that are there or not. */
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder } from "../../tools/paths";
import { run, which } from "../../tools/process";
import { compareVersions, type Finding } from "./finding";

/** Programs that `npm start` fetched itself. */
export const ownPrograms = path.join(cacheFolder(), "bin");
export const ownPulumi = path.join(cacheFolder(), "pulumi");

/** A program on PATH, else the one fetched earlier, else undefined. */
export function findProgram(name: "kubectl" | "minikube" | "pulumi"): string | undefined {
  const fetched = path.join(name === "pulumi" ? path.join(ownPulumi, "bin") : ownPrograms, name);
  return which(name) ?? (fs.existsSync(fetched) ? fetched : undefined);
}

/** The first thing in an output that looks like a version, without the v. */
export function versionIn(output: string): string {
  return /v?(\d+\.\d+\.\d+[^\s"',]*)/.exec(output)?.[1] ?? "";
}

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
    file: findProgram("kubectl"),
    args: ["version", "--client"],
    remedy: "npm start gets it; or https://kubernetes.io/docs/tasks/tools/",
    whenAbsent: "optional",
    absent: "not on PATH",
  });
}

export function probePulumi(least: string): Promise<Finding> {
  return probe({
    tool: "Pulumi",
    file: findProgram("pulumi"),
    args: ["version"],
    least,
    remedy: "npm start gets it; or https://www.pulumi.com/docs/install/",
    whenAbsent: "optional",
    absent: "not on PATH",
  });
}

export function probeMinikube(): Promise<Finding> {
  return probe({
    tool: "Minikube",
    file: findProgram("minikube"),
    args: ["version", "--short"],
    remedy: "npm start gets it; or https://minikube.sigs.k8s.io/docs/start/",
    whenAbsent: "optional",
    absent: "not on PATH",
  });
}
