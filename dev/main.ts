/** Every command of the project: those of its users, and those of its developers. Called by cli/bootstrap.mjs. */
import { commands, main as runCommand, type Entry } from "../cli/main";

const developers: Record<string, Entry> = {
  test: {
    summary: "runs the tests, all layers or --only some",
    load: () => import("./commands/test"),
  },
  check: {
    summary: "types, linters and formatters of everything",
    load: () => import("./commands/check"),
  },
  graph: {
    summary: "draws docs/graph.svg from the program's resources",
    load: () => import("./commands/graph"),
  },
  bench: {
    summary: "measures updates, previews and edits",
    load: () => import("./commands/bench"),
  },
};

/** @param args the arguments after the script's name */
export function main(args: string[]): void {
  runCommand({ ...commands, ...developers }, args);
}
