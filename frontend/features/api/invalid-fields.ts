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
};

/** Of any password, new or present. */
const PASSWORD_WORDS: Record<string, string> = {
  string_too_short: "A password has at least 8 characters.",
  string_too_long: "A password has at most 128 characters.",
  password_common: "Choose another password: many people use this one.",
  password_is_address: "Choose a password that is not your email address.",
  password_unchanged: "That is the password that you have already.",
};

const ANY = "Something in what you entered cannot be kept as it is. Change it and try again.";

/** One sentence for each thing that is wrong; never the server's own, which are for programs. */
export function explainFields(problems: readonly unknown[]): string {
  return [...new Set(problems.map((problem) => explained(problem as FieldProblem)))].join(" ");
}

function explained({ loc, type }: FieldProblem): string {
  const last: unknown = Array.isArray(loc) ? loc.at(-1) : undefined;
  const field = String(last);
  const byField = Object.hasOwn(WORDS, field) ? WORDS[field] : undefined;
  const words = field.endsWith("password") ? PASSWORD_WORDS : byField;
  return words?.[String(type)] ?? words?.[""] ?? ANY;
}
