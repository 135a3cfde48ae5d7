/** `eval "$(npm run -s env)"`: lets a bare `pulumi` of this shell mean the stack of `npm start`. */
import type { Command } from "../command";
import {
  extraFolders,
  LOCAL_STACK,
  prepareBackend,
  shellQuoted,
  updateEnvironment,
  usesOwnBackend,
} from "../environment";
import { readMachine } from "../machine";
import { note, print } from "../terminal";

export const command: Command = {
  usage:
    'Usage: eval "$(npm run -s env)"\n\nPrints export lines for a POSIX shell and nothing else.',
  flags: {},
  async run() {
    const machine = readMachine();
    if (machine === undefined)
      note("npm start has not run in this folder yet; only the backend is set.");
    if (usesOwnBackend(machine?.stack ?? LOCAL_STACK)) prepareBackend();
    const variables = await updateEnvironment(
      machine ?? { stack: LOCAL_STACK, cluster: { kind: "context", context: "" } },
    );
    for (const [name, value] of Object.entries(variables)) {
      // A passphrase of another stack would win over this one's file.
      print(value === undefined ? `unset ${name}` : `export ${name}=${shellQuoted(value)}`);
    }
    const folders = extraFolders();
    if (folders.length > 0) print(`export PATH=${folders.map(shellQuoted).join(":")}:"$PATH"`);
    return 0;
  },
};
