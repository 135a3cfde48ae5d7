/** `eval "$(npm run -s env)"`: lets a bare `pulumi` of this shell mean the stack of `npm start`. */
import { text, type Command } from "../command";
import {
  backendEnvironment,
  extraFolders,
  LOCAL_STACK,
  prepareBackend,
  shellQuoted,
  usesOwnBackend,
} from "../environment";
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
    const folders = extraFolders();
    if (folders.length > 0) print(`export PATH=${folders.map(shellQuoted).join(":")}:"$PATH"`);
    return 0;
  },
};
