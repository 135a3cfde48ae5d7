/** A review from what `pulumi preview --json` (or `pulumi refresh --preview-only --json`) prints. */
import { shown, valueAt } from "./fields";
import { losesWith } from "./kinds";
import type { Action, Change, Field, ImageChange, Review, SecretChange } from "./model";
import { isChecksum, rollReasons } from "./rolling";

interface State {
  type?: string;
  inputs?: Record<string, unknown>;
}

export interface Step {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
  detailedDiff?: Record<string, { kind: string }> | null;
}

export interface Preview {
  steps?: Step[];
  changeSummary?: Record<string, number>;
  diagnostics?: { urn?: string; message: string; severity: string }[];
}

/** Stands in the JSON for a value that is known only after the update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What the CLI writes in place of a secret value. */
const SECRET = "[secret]";

const actions: Record<string, Action> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  "create-replacement": "replaced",
  delete: "destroyed",
};

/** Type and name of a resource: `["kubernetes:apps/v1:Deployment", "backend"]`. */
function typeAndName(urn: string): [string, string] {
  const [, , types = "", ...name] = urn.split("::");
  return [types.split("$").at(-1) ?? types, name.join("::")];
}

/** What a reader has no use for: components are only groups, providers and loads only follow. */
function isBookkeeping(type: string): boolean {
  return (
    type.startsWith("pulumi:") ||
    type.startsWith("pulumi-nodejs:") ||
    /^todo-app:\w+:\w+$/.test(type)
  );
}

/** Whether a default was added that changes nothing: the provider drops it and finds it missing again. */
function isNothing({ before, after }: Field): boolean {
  return before === undefined && (after === "0" || after === "false" || after === "");
}

/** The part of a value that a reader may see, or undefined. */
function visible(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === UNKNOWN) return "known after the update";
  const text = shown(value);
  return text.includes(SECRET) || text.includes(UNKNOWN) ? undefined : text;
}

function fieldsOf({ detailedDiff, oldState, newState }: Step): Field[] {
  return Object.keys(detailedDiff ?? {})
    .map((path): Field => {
      const [before, after] = [oldState, newState].map((state) =>
        visible(valueAt(state?.inputs, path)),
      );
      return {
        path,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      };
    })
    .filter((field) => !isNothing(field))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Annotations that are unknown as a whole show every one of them as removed. Only a secret's checksum
 * can be unknown before the update, so only that is kept.
 */
function withoutUnknownChecksums(fields: Field[], { newState }: Step): Field[] {
  const annotations = valueAt(newState?.inputs, "spec.template.metadata.annotations");
  if (annotations !== UNKNOWN) return fields;
  return fields.filter(({ path }) => !/checksum\/config/.test(path));
}

/** Deployments whose number of pods an autoscaler decides: that number is nobody's change. */
function autoscaled(steps: readonly Step[]): Set<string> {
  return new Set(
    steps
      .filter(({ urn }) => kindOf(typeAndName(urn)[0]) === "HorizontalPodAutoscaler")
      .map(({ oldState, newState }) =>
        valueAt((newState ?? oldState)?.inputs, "spec.scaleTargetRef.name"),
      )
      .filter((name) => typeof name === "string"),
  );
}

function imageChange(step: Step): ImageChange {
  const [before, after] = [step.oldState, step.newState].map((state) => {
    const name = state?.inputs?.["imageName"];
    return typeof name === "string" ? name : undefined;
  });
  const separator = (reference: string): number => reference.lastIndexOf(":");
  const reference = after ?? before ?? "";
  return {
    name: reference.slice(0, separator(reference)),
    ...(before === undefined ? {} : { before: before.slice(separator(before) + 1) }),
    ...(after === undefined ? {} : { after: after.slice(separator(after) + 1) }),
  };
}

function secretChange(kind: string, name: string, fields: readonly Field[]): SecretChange {
  const keys = fields.flatMap(({ path }) => {
    const key = /^(?:data|stringData)[.[]"?([^"\]]+)/.exec(path)?.[1];
    return key === undefined ? [] : [key];
  });
  return { name: `${kind} ${name}`, keys };
}

function changeOf(action: Action, kind: string, name: string, step: Step): Change {
  const fields = withoutUnknownChecksums(fieldsOf(step), step);
  const rolls = action === "changed" ? rollReasons(kind, fields) : undefined;
  const loses = action === "destroyed" || action === "replaced" ? losesWith(kind) : undefined;
  return {
    action,
    kind,
    name,
    fields: fields.filter(({ path }) => !isChecksum(path)),
    ...(rolls === undefined ? {} : { rolls }),
    ...(loses === undefined ? {} : { loses }),
  };
}

/** The engine's words without what it adds to every failure. */
export function diagnosticText(preview: Preview, severity: string): string[] {
  const texts = (preview.diagnostics ?? [])
    .filter((diagnostic) => diagnostic.severity === severity)
    .map(({ urn, message }) => {
      const words = message
        .replace(/\r/g, "")
        .replace(new RegExp(`^(${severity}: )+`), "")
        .trim();
      const [type, name] = urn === undefined ? ["", ""] : typeAndName(urn);
      const subject =
        type === "" || type.startsWith("pulumi:pulumi:") ? "" : `${kindOf(type)} ${name}: `;
      return `${subject}${words}`;
    })
    .filter((words) => words !== "preview failed" && words !== "");
  return [...new Set(texts)];
}

function kindOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/**
 * @param stack its name
 * @param preview the parsed JSON
 * @param failure what the caller knows of a preview that failed (its exit code is not in the JSON)
 */
export function reviewPreview(
  stack: string,
  preview: Preview,
  failure?: Review["failure"],
): Review {
  const review: Review = {
    stack,
    source: "preview",
    images: [],
    changes: [],
    secrets: [],
    unchanged: preview.changeSummary?.["same"] ?? 0,
    warnings: diagnosticText(preview, "warning"),
    ...(failure === undefined ? {} : { failure }),
  };
  const steps = preview.steps ?? [];
  const scaled = autoscaled(steps);
  for (const step of steps) {
    const action = actions[step.op];
    const [type, name] = typeAndName(step.urn);
    if (action === undefined || isBookkeeping(type)) continue;
    const kind = kindOf(type);
    if (type === "docker:index/image:Image") {
      review.images.push(imageChange(step));
    } else if (type.startsWith("random:")) {
      // A generated secret: that it becomes another one is all there is to say of it.
      if (action === "replaced") review.secrets.push({ name: `generated ${name}`, keys: [] });
      else if (action !== "changed") review.changes.push(changeOf(action, kind, name, step));
    } else if (kind === "Secret" && action === "changed") {
      review.secrets.push(secretChange(kind, name, fieldsOf(step)));
    } else {
      const change = changeOf(action, kind, name, step);
      if (kind === "Deployment" && scaled.has(name)) {
        change.fields = change.fields.filter(({ path }) => path !== "spec.replicas");
      }
      const says = change.fields.length > 0 || change.rolls !== undefined || action !== "changed";
      if (says) review.changes.push(kind === "Secret" ? { ...change, fields: [] } : change);
      else review.unchanged++;
    }
  }
  return review;
}
