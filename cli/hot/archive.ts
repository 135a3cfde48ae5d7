/** What a pod is sent: the files in which it lags behind, as a tar that deliver.ts unpacks in the pod's node. */
import * as tar from "tar-stream";
import { hotNames } from "../../manifests/hot";
import { changedFiles, type Content } from "./content";

export interface Parcel {
  /** What the pod has; undefined for a new one. */
  before: Content | undefined;
  after: Content;
  /** The program that runs the files. */
  supervisor: Buffer;
  /** What it has to know. */
  settings: Readonly<Record<string, unknown>>;
}

/** Names in the archive beside those in the pod's volume. */
export const archiveNames = {
  /** Folder of new and changed files. */
  files: "files",
  /** A list of what is to be removed first, one path a line; for a new pod it is not there, and everything goes. */
  gone: "gone",
} as const;

/** @throws Error for a file's name that a list of lines cannot hold */
export async function archive({ before, after, supervisor, settings }: Parcel): Promise<Buffer> {
  const pack = tar.pack();
  const changed = changedFiles(before, after);
  const unfit = changed.find((name) => name.includes("\n"));
  if (unfit !== undefined) throw new Error(`${JSON.stringify(unfit)} has a line end in its name`);
  pack.entry({ name: `${archiveNames.files}/`, type: "directory", mode: 0o755 });
  for (const name of changed) {
    const file = after.files.get(name);
    if (file === undefined) continue;
    const mode = file.executable ? 0o755 : 0o644;
    pack.entry({ name: `${archiveNames.files}/${name}`, mode }, file.bytes);
  }
  if (before !== undefined) {
    const gone = changed.filter((name) => !after.files.has(name) || isFolderIn(before, name));
    pack.entry({ name: archiveNames.gone }, gone.map((name) => `${name}\n`).join(""));
  }
  pack.entry({ name: hotNames.supervisor }, supervisor);
  pack.entry({ name: hotNames.settings }, JSON.stringify(settings));
  pack.entry({ name: hotNames.wanted }, after.tag);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Whether there were files beneath what is a file now. */
function isFolderIn({ files }: Content, name: string): boolean {
  return [...files.keys()].some((other) => other.startsWith(`${name}/`));
}
