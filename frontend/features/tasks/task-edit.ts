/**
 * What somebody has changed in the editor: the fields touched and what they were before, nothing
 * else. So saving leaves alone what others change meanwhile, and where both changed the same field
 * that can be told.
 */
import { asTypedDue, dueFrom } from "./due";
import type { Priority, Task, TaskFields } from "./task";

/** A task's fields as they are typed. */
export interface Typed {
  title: string;
  description: string;
  /** `YYYY-MM-DD`, or empty. */
  day: string;
  /** `HH:MM`, or empty for the whole day. */
  time: string;
  priority: Priority;
}

/** The fields touched: as they were when that began, and as they are now. */
export interface TaskEdit {
  was: Partial<Typed>;
  now: Partial<Typed>;
}

export const NO_EDIT: TaskEdit = { was: {}, now: {} };

/** What can only be changed, or clash, as a whole. */
export type Part = "title" | "description" | "due" | "priority";

export const PARTS: Record<Part, readonly (keyof Typed)[]> = {
  title: ["title"],
  description: ["description"],
  due: ["day", "time"],
  priority: ["priority"],
};

const NAMES = Object.keys(PARTS) as Part[];

export function asTyped(task: Task): Typed {
  const { title, description, priority } = task;
  return { title, description: description ?? "", ...asTypedDue(task), priority };
}

/** `edit` with more changed, made on the task as `current`; a part that is as before is untouched. */
export function changed(
  edit: TaskEdit,
  current: Typed,
  part: Part,
  values: Partial<Typed>,
): TaskEdit {
  const was = { ...pick(current, part), ...pick(edit.was, part) };
  const now = { ...was, ...pick(edit.now, part), ...values };
  const rest = without(edit, part);
  if (PARTS[part].every((field) => was[field] === now[field])) return rest;
  return { was: { ...rest.was, ...was }, now: { ...rest.now, ...now } };
}

/** `edit` without what it changes in one part. */
export function without(edit: TaskEdit, part: Part): TaskEdit {
  return { was: omit(edit.was, part), now: omit(edit.now, part) };
}

/** `edit` made on the task as `newest`: what others made of that part is known and overruled. */
export function keptOver(edit: TaskEdit, newest: Typed, part: Part): TaskEdit {
  return changed(without(edit, part), newest, part, pick(edit.now, part));
}

/** The parts that were changed here and, differently, by others. */
export function clashes(edit: TaskEdit, newest: Typed): Part[] {
  return NAMES.filter(
    (part) =>
      isTouched(edit, part) && !isSame(part, newest, edit.was) && !isSame(part, newest, edit.now),
  );
}

export function isTouched(edit: TaskEdit, part: Part): boolean {
  return PARTS[part].some((field) => field in edit.now);
}

export function isEmpty(edit: TaskEdit): boolean {
  return !NAMES.some((part) => isTouched(edit, part));
}

/** What the back end is asked to change. */
export function fieldsOf({ now }: TaskEdit): Partial<TaskFields> {
  const fields: Partial<TaskFields> = {};
  if (now.title !== undefined) fields.title = now.title.trim();
  if (now.description !== undefined) fields.description = now.description.trim() || null;
  if (now.day !== undefined) Object.assign(fields, dueFrom(now.day, now.time));
  if (now.priority !== undefined) fields.priority = now.priority;
  return fields;
}

/** An edit as it was kept in the browser; what is not one is no edit. */
export function readEdit(kept: string): TaskEdit {
  try {
    const { was, now } = JSON.parse(kept) as Partial<TaskEdit>;
    // Earlier versions kept whole tasks, which do not say what somebody meant to change.
    return was === undefined || now === undefined ? NO_EDIT : { was, now };
  } catch {
    return NO_EDIT;
  }
}

function isSame(part: Part, one: Partial<Typed>, other: Partial<Typed>): boolean {
  return PARTS[part].every((field) => one[field] === other[field]);
}

function pick(typed: Partial<Typed>, part: Part): Partial<Typed> {
  return filtered(typed, (field) => PARTS[part].includes(field));
}

function omit(typed: Partial<Typed>, part: Part): Partial<Typed> {
  return filtered(typed, (field) => !PARTS[part].includes(field));
}

function filtered(typed: Partial<Typed>, keeps: (field: keyof Typed) => boolean): Partial<Typed> {
  return Object.fromEntries(Object.entries(typed).filter(([field]) => keeps(field as keyof Typed)));
}
