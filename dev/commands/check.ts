/** `npm run check`: the static checks alone. */
import type { Command } from "../../cli/command";
import { print } from "../../cli/terminal";
import { runChecks } from "../test-runner/checks";

export const command: Command = {
  usage: "Usage: npm run check",
  flags: {},
  async run({ signal }) {
    const { passed, failed } = await runChecks(signal);
    const all = passed.length + failed.length;
    print(
      failed.length === 0 ? "\nEverything is fine." : `\n${failed.length} of ${all} checks failed.`,
    );
    return failed.length === 0 ? 0 : 1;
  },
};
