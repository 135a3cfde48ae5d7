import type { PodTemplateSpec, Volume, VolumeMount } from "kubernetes-types/core/v1";

/**
 * Pods that run files as they are saved (`npm run dev -- --cluster`), for the time that command runs: a pod waits for
 * its first files, and then runs the program that comes with them.
 */
export interface HotArgs {
  /** What the program that comes with the files is written in, and so has to be in the image. */
  runtime: keyof typeof waiting;
}

/**
 * Content tag of the files that a pod runs, set on the pod once it serves them. `status` and `drift` read it; no pod
 * of `npm start` has it.
 */
export const hotLabel = "todo-app/edited";
/** Its value until then. A tag is 12 hexadecimal digits. */
export const hotWaiting = "waiting";

/** Volumes and where they are mounted: what comes from outside, which a pod only reads, and what it makes of it. */
export const hotVolumes = { files: "hot-files", work: "hot-work" } as const;
export const hotFiles = "/hot/files";
export const hotWork = "/hot/work";

/** Names in the volume of the files. */
export const hotNames = {
  tree: "tree",
  settings: "settings.json",
  /** Content tag of the files, written after all of them. */
  wanted: "wanted",
  supervisor: "supervisor",
} as const;
/** Name in the other volume: what came of the files, as one line of JSON. */
export const hotReport = "report.json";

const first = `${hotFiles}/${hotNames.wanted}`;
const supervisor = `${hotFiles}/${hotNames.supervisor}`;

/** Commands that wait for the first files and become the supervisor. Process 1 ends on SIGTERM only if it says so. */
const waiting = {
  python: [
    "python3",
    "-c",
    [
      "import os, signal, time",
      "signal.signal(signal.SIGTERM, lambda *_: os._exit(0))",
      "print('waiting for the files of: npm run dev -- --cluster', flush=True)",
      `while not os.path.exists('${first}'): time.sleep(0.05)`,
      `os.execvp('python3', ['python3', '${supervisor}'])`,
    ].join("\n"),
  ],
  node: [
    "node",
    "-e",
    [
      "const { existsSync } = require('node:fs');",
      "const end = () => process.exit(0);",
      "process.on('SIGTERM', end);",
      "console.log('waiting for the files of: npm run dev -- --cluster');",
      "const timer = setInterval(() => {",
      `  if (!existsSync('${first}')) return;`,
      "  clearInterval(timer);",
      "  process.off('SIGTERM', end);",
      `  require('${supervisor}');`,
      "}, 50);",
    ].join("\n"),
  ],
} as const;

/** The same pods with the command, the volumes and the label of those that run saved files; security stays as it is. */
export function hotTemplate(template: PodTemplateSpec, { runtime }: HotArgs): PodTemplateSpec {
  const { metadata, spec } = template;
  if (spec === undefined) throw new Error("A pod template without a spec.");
  const mounts: VolumeMount[] = [
    { name: hotVolumes.files, mountPath: hotFiles, readOnly: true },
    { name: hotVolumes.work, mountPath: hotWork },
  ];
  const volumes: Volume[] = Object.values(hotVolumes).map((name) => ({ name, emptyDir: {} }));
  return {
    metadata: { ...metadata, labels: { ...metadata?.labels, [hotLabel]: hotWaiting } },
    spec: {
      ...spec,
      containers: spec.containers.map((container) => ({
        ...container,
        command: [...waiting[runtime]],
        volumeMounts: [...(container.volumeMounts ?? []), ...mounts],
      })),
      volumes: [...(spec.volumes ?? []), ...volumes],
    },
  };
}
