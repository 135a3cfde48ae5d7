/** `--stack NAME` in commands as they are printed: one that is left out would be about the stack `local`. */
import { LOCAL_STACK } from "../automation/environment";

/** What says which stack it is about; the other commands are about none, or take the name by themselves. */
const commands =
  /\bnpm (start|run (?:down|backup|restore|status|drift|env|dev))\b(?! -- .*--stack)( -- )?/g;
/** Pulumi reads the option after the command's first word. */
const pulumi = /\bnpm run pulumi -- (?!.*(?:--stack|-s)[ =])([a-z]+)/g;

/** A text whose commands are about this stack, also where whoever wrote it did not know which one is meant. */
export function aboutStack(text: string, stack: string): string {
  if (stack === LOCAL_STACK) return text;
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(pulumi, (_, word: string) => `npm run pulumi -- ${word} --stack ${stack}`)
        .replace(commands, (_, command: string, more?: string) =>
          [`npm ${command} -- --stack ${stack}`, more && " "].join(""),
        ),
    )
    .join("\n");
}

/** The stack that a command was called for, by its arguments as they were typed. */
export function stackOf(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg === "--stack" || arg === "-s");
  const joined = args.find((arg) => arg.startsWith("--stack="))?.slice("--stack=".length);
  return (at === -1 ? undefined : args[at + 1]) ?? joined ?? LOCAL_STACK;
}
