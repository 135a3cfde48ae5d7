/** `npm run doctor`: the table of tools alone. */
import type { Command } from "../command";
import { LOCAL_STACK } from "../../automation/environment";
import { readRecord } from "../stack-record";
import { survey } from "../probes";
import { findingsTable } from "../probes/finding";
import { print } from "../terminal";

export const command: Command = {
  usage: "Usage: npm run doctor\n\nExit code 1 if something that is needed is missing.",
  flags: {},
  async run() {
    const { findings } = await survey(readRecord(LOCAL_STACK));
    findingsTable(findings).forEach(print);
    const missing = findings.filter(({ level }) => level === "missing");
    print();
    print(
      missing.length === 0
        ? "Everything that is needed is there."
        : `Needed and not right: ${missing.map(({ tool }) => tool).join(", ")}.`,
    );
    return missing.length === 0 ? 0 : 1;
  },
};
