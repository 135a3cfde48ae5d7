/** What can be taken back: the last changes of this tab, also after a reload. */
import { draftKey } from "@/features/session/draft";
import type { Task } from "./task";

/** A change, with the task as it was before. */
export interface UndoStep {
  kind: "deleted" | "completed" | "rescheduled" | "prioritised";
  task: Task;
  /** When it was made, in milliseconds since 1970. */
  at: number;
}

/** The last so many; the back end brings deleted tasks back for a day. */
const MOST = 20;

// Under the person's own drafts: signing out forgets it, and nobody else gets to see it.
const keyOf = (userId: string) => draftKey(userId, "undo");

export function keptSteps(userId: string): UndoStep[] {
  try {
    return JSON.parse(window.sessionStorage.getItem(keyOf(userId)) ?? "[]") as UndoStep[];
  } catch {
    return [];
  }
}

/** Keeps a step as the last one. */
export function keepStep(userId: string, step: UndoStep): void {
  write(userId, [...keptSteps(userId), step].slice(-MOST));
}

/** Takes the last step away, to be done. */
export function takeLastStep(userId: string): UndoStep | undefined {
  const steps = keptSteps(userId);
  const last = steps.pop();
  write(userId, steps);
  return last;
}

/** Takes a step away that cannot be taken back: it was never made. */
export function dropStep(userId: string, { at, task }: UndoStep): void {
  write(
    userId,
    keptSteps(userId).filter((step) => step.at !== at || step.task.id !== task.id),
  );
}

export function describeStep({ kind, task }: UndoStep): string {
  if (kind === "deleted") return `Deleted “${task.title}”`;
  if (kind === "rescheduled") return `Rescheduled “${task.title}”`;
  if (kind === "prioritised") return `Changed the priority of “${task.title}”`;
  return task.completed ? `“${task.title}” is to do again` : `Done: “${task.title}”`;
}

function write(userId: string, steps: readonly UndoStep[]): void {
  try {
    window.sessionStorage.setItem(keyOf(userId), JSON.stringify(steps));
  } catch {
    // A full storage: then less can be taken back.
  }
}
