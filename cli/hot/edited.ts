/** Which pods run files that were edited in the cluster, as `status` and `drift` say it. Pure. */
import { hotLabel, hotWaiting } from "../../manifests/hot";

export interface LabelledPod {
  metadata: { name: string; labels?: Record<string, string>; deletionTimestamp?: string };
}

/** A pod that `npm run dev -- --cluster` made. */
export interface EditedPod {
  pod: string;
  app: string;
  /** Content tag of the files that it runs; undefined while it has none. */
  content?: string;
}

export function editedPods(pods: readonly LabelledPod[]): EditedPod[] {
  return pods.flatMap(({ metadata: { name, labels = {}, deletionTimestamp } }) => {
    const content = labels[hotLabel];
    if (content === undefined || deletionTimestamp !== undefined) return [];
    const app = labels["app"] ?? "";
    return [{ pod: name, app, ...(content === hotWaiting ? {} : { content }) }];
  });
}

/** A line for each content that an application's pods run: "backend: 3 pods run edited files, content 3f2a9c04d1e7". */
export function editedLines(pods: readonly EditedPod[]): string[] {
  const groups = new Map<string, EditedPod[]>();
  for (const pod of pods) {
    const key = `${pod.app} ${pod.content ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return [...groups.values()].map((group) => {
    const [{ app, content } = { app: "" }] = group;
    const [is, has] =
      group.length === 1
        ? ["1 pod runs", "1 pod waits"]
        : [`${group.length} pods run`, `${group.length} pods wait`];
    return content === undefined
      ? `${app}: ${has} for its files from npm run dev -- --cluster`
      : `${app}: ${is} edited files, content ${content}`;
  });
}

/** How it ends. */
export const editedRemedy =
  "Ctrl-C in npm run dev -- --cluster, or npm start: builds images of these files, and makes ordinary pods";
