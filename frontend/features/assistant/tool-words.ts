/** What a tool does, in words for people. Unknown tools are shown by their name. */
import type { ToolCall } from "./api";

interface Words {
  doing: string;
  done: string;
}

const WORDS: Record<string, Words> = {
  add_task: { doing: "Adding a task", done: "Added" },
  create_task: { doing: "Adding a task", done: "Added" },
  list_tasks: { doing: "Reading your tasks", done: "Read your tasks" },
  complete_task: { doing: "Ticking off a task", done: "Ticked off" },
  delete_task: { doing: "Deleting a task", done: "Deleted" },
  update_task: { doing: "Changing a task", done: "Changed" },
  get_task: { doing: "Looking at a task", done: "Looked at" },
  search_tasks: { doing: "Searching your tasks", done: "Searched" },
};

/** "Added “Milk”", "Searched “dentist”", "Reading your tasks…", "Deleting a task did not work". */
export function describeToolCall(call: ToolCall): string {
  const words = WORDS[call.name] ?? { doing: call.name, done: call.name };
  if (typeof call.error === "string") return `${words.doing} did not work`;
  if (call.result === undefined) return `${words.doing}…`;
  const subject = subjectOf(call);
  return subject === undefined ? words.done : `${words.done} ${subject}`;
}

/** The task's title, where the tool's answer or its arguments have one; else its number. */
function subjectOf({ name, arguments: args, result }: ToolCall): string | undefined {
  if (name === "list_tasks") return undefined;
  const title = textAt(result, "title") ?? textAt(args, "title") ?? textAt(args, "query");
  if (title !== undefined) return `“${title}”`;
  const id = args.task_id;
  return typeof id === "number" || typeof id === "string" ? `task ${id}` : undefined;
}

function textAt(value: unknown, key: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === "string" && found !== "" ? found : undefined;
}
