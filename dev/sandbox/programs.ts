/** Kubernetes, containerd, CoreDNS and metrics-server, built once from their Go modules. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Need, onPath } from "./engine";
import { run } from "./process";
import { versions } from "./settings";

interface Program extends Need {
  /** The files that it gives. */
  files: string[];
  /** Arguments of `go` after the flags; `out` is the folder that the files are written to. */
  go: (out: string) => { verb: "build" | "install"; args: string[] };
}

const small = "-s -w"; // no symbol tables: a third of the size
const stamped = `${small} -X k8s.io/component-base/version.gitVersion=${versions.kubernetes}`;
const containerd = (name: string): string =>
  `github.com/containerd/containerd/v2/cmd/${name}@${versions.containerd}`;

/**
 * Minutes are of two cores with empty Go caches. Disk counts those caches (10 GB for all together;
 * the programs alone are 420 MB), which `go clean -cache -modcache` gives back.
 */
const programs: Program[] = [
  {
    what: `Kubernetes ${versions.kubernetes}`,
    minutes: 6,
    diskMb: 4400,
    files: ["hyperkube", "kubectl", "pause"],
    go: (out) => ({
      verb: "build",
      args: [
        "-ldflags",
        stamped,
        "-o",
        out,
        "./hyperkube",
        "./pause",
        "k8s.io/kubernetes/cmd/kubectl",
      ],
    }),
  },
  {
    what: `containerd ${versions.containerd}`,
    minutes: 1,
    diskMb: 700,
    files: ["containerd", "ctr", "containerd-shim-runc-v2"],
    go: () => ({
      verb: "install",
      args: [
        "-ldflags",
        small,
        ...["containerd", "ctr", "containerd-shim-runc-v2"].map(containerd),
      ],
    }),
  },
  {
    what: `CoreDNS ${versions.coredns}`,
    minutes: 2,
    diskMb: 3600,
    files: ["coredns"],
    go: () => ({
      verb: "install",
      args: ["-ldflags", small, `github.com/coredns/coredns@${versions.coredns}`],
    }),
  },
  {
    what: `metrics-server ${versions.metricsServer}`,
    minutes: 2,
    diskMb: 1600,
    files: ["metrics-server"],
    go: () => ({
      verb: "install",
      args: [
        "-ldflags",
        small,
        `sigs.k8s.io/metrics-server/cmd/metrics-server@${versions.metricsServer}`,
      ],
    }),
  },
];

/** What `ensurePrograms` would build into `folder`. */
export function programNeeds(folder: string): Need[] {
  return missing(folder).map(({ what, minutes, diskMb }) => ({ what, minutes, diskMb }));
}

/** Why nothing can be built here; empty if all is there or can be built. */
export function programProblems(folder: string): string[] {
  if (missing(folder).length === 0 || onPath("go")) return [];
  return [
    `Go is not installed: Kubernetes has to be built once, with Go ${versions.go} or newer. ` +
      "Install it and put it on PATH.",
  ];
}

/**
 * Builds what `folder` lacks. Each program is written under another name and renamed when it is
 * whole, so that an interrupted build leaves nothing that looks finished.
 */
export async function ensurePrograms(
  folder: string,
  report: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const problems = programProblems(folder);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  mkdirSync(folder, { recursive: true });
  for (const left of readdirSync(folder)) {
    if (left.startsWith("building-")) rmSync(join(folder, left), { recursive: true });
  }
  for (const program of missing(folder)) {
    report(`building ${program.what}, about ${program.minutes} min`);
    const out = mkdtempSync(join(folder, "building-"));
    try {
      const { verb, args } = program.go(out);
      await run("go", [verb, "-trimpath", "-buildvcs=false", ...args], {
        cwd: join(__dirname, "kubernetes"),
        env: { CGO_ENABLED: "0", GOBIN: out },
        signal,
      });
      for (const file of program.files) renameSync(join(out, file), join(folder, file));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  }
}

function missing(folder: string): Program[] {
  return programs.filter((program) => !program.files.every((f) => existsSync(join(folder, f))));
}
