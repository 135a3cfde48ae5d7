/** What is wrong with the fields of a request (status 422), in words for people. */

/** One thing that is wrong: the field's place in the request, and what kind of fault it is. */
interface FieldProblem {
  loc?: unknown;
  type?: unknown;
}

/** By field, and then by kind of fault; "" is any other kind. */
const WORDS: Record<string, Record<string, string>> = {
  title: { "": "A title has 1 to 200 characters." },
  description: {
    string_too_long: "Notes have at most 1000 characters.",
    string_pattern_mismatch: "There is a character in the notes that cannot be kept.",
  },
  due_date: { "": "A due date must be a day that exists, between the years 1970 and 8999." },
  due_at: { "": "A due date must be a day that exists, between the years 1970 and 8999." },
  message: { "": "A message has 1 to 4000 characters." },
  search: { "": "A search has at most 200 characters." },
  name: { "": "A name has 1 to 100 characters." },
  email: { "": "That is not an email address." },
  password: { string_too_short: "A password has at least 8 characters." },
  new_password: { string_too_short: "A password has at least 8 characters." },
};

const LONG_PASSWORD = "A password has at most 128 characters.";
const ANY = "Something in what you entered cannot be kept as it is. Change it and try again.";

/** One sentence for each thing that is wrong; never the server's own, which are for programs. */
export function explainFields(problems: readonly unknown[]): string {
  return [...new Set(problems.map((problem) => explained(problem as FieldProblem)))].join(" ");
}

function explained({ loc, type }: FieldProblem): string {
  const last: unknown = Array.isArray(loc) ? loc.at(-1) : undefined;
  const field = String(last);
  if (field.endsWith("password") && type === "string_too_long") return LONG_PASSWORD;
  const words = Object.hasOwn(WORDS, field) ? WORDS[field] : undefined;
  return words?.[String(type)] ?? words?.[""] ?? ANY;
}
