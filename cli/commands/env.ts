/** `eval "$(npm run -s env)"`: lets a bare `pulumi` of this shell mean the stack of `npm start`. */
import { text, type Command } from "../command";
import { shellPath } from "../environment";
import {
  backendEnvironment,
  LOCAL_STACK,
  prepareBackend,
  usesOwnBackend,
} from "../../automation/environment";
import { shellQuoted } from "../../tools/process";
import { readRecord } from "../stack-record";
import { targetStack } from "../target-stack";
import { note, print } from "../terminal";

export const command: Command = {
  usage: `Usage: eval "$(npm run -s env)"
       eval "$(npm run -s env -- --stack NAME)"

Prints export lines for a POSIX shell and nothing else.`,
  flags: { stack: { type: "string" } },
  async run(invocation) {
    const named = text(invocation, "stack");
    const stack = named ?? LOCAL_STACK;
    const isNew = stack === LOCAL_STACK && readRecord(stack) === undefined;
    if (isNew) note("npm start has not run in this folder yet; only the backend is set.");
    if (usesOwnBackend(stack)) prepareBackend();
    const variables = isNew
      ? backendEnvironment(stack)
      : await targetStack(named, "env").environment();
    for (const [name, value] of Object.entries(variables)) {
      // A passphrase of another stack would win over this one's file.
      print(value === undefined ? `unset ${name}` : `export ${name}=${shellQuoted(value)}`);
    }
    const { front, back } = await shellPath();
    const words = [...front.map(shellQuoted), '"$PATH"', ...back.map(shellQuoted)];
    if (words.length > 1) print(`export PATH=${words.join(":")}`);
    return 0;
  },
};
