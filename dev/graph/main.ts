/** Prints a stack's picture: `dev/graph/main.ts STACK`. In a process of its own, since it runs the program. */
import * as path from "node:path";
import { boxesOf } from "./boxes";
import { registeredResources } from "./registered";
import { svgOf } from "./svg";

const [stack = "dev"] = process.argv.slice(2);

registeredResources(stack, path.join(__dirname, "..", ".."))
  .then((resources) => {
    process.stdout.write(
      svgOf(
        boxesOf(resources),
        `The components of stack ${stack}, and which of them wait for which`,
      ),
    );
  })
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
