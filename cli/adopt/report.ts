import type { Plan, Secret } from "./plan";

/** What is told after the file was written: what is in it, what could not be known, and the commands for the rest. */
export function reportLines(stack: string, plan: Plan, refused: readonly string[]): string[] {
  const option = stack === "local" ? "" : ` --stack ${stack}`;
  const pulumi = stack === "local" ? "npm run pulumi -- config set" : `pulumi config set${option}`;
  const lines = [
    `Pulumi.${stack}.yaml has ${plan.settings.length} settings, each with where it comes from.`,
  ];
  const open = [...plan.open, ...refused];
  if (open.length > 0)
    lines.push("", "What could not be known:", ...open.map((line) => `  - ${line}`));
  if (plan.secrets.length > 0) {
    const shared = sharedNames(plan.secrets);
    lines.push(
      "",
      "Secrets that the applications read; set those that they need to start before it (asked for, and encrypted):",
    );
    for (const secret of unique(plan.secrets)) {
      const note = shared.has(secret.name ?? "") ? "; the same value in each" : "";
      const what = secret.name === undefined ? secret.key : `--path '${secret.key}.${secret.name}'`;
      lines.push(`  ${pulumi} --secret ${what}   # ${secret.why}${note}`);
    }
  }
  const start = stack === "local" ? "npm start" : `npm start -- --stack ${stack}`;
  return [...lines, "", `Look through the file, then: ${start}`];
}

function unique(secrets: readonly Secret[]): Secret[] {
  const seen = new Map(secrets.map((secret) => [`${secret.key}.${secret.name ?? ""}`, secret]));
  return [...seen.values()];
}

/** Names that several applications have: one signs what the other checks. */
function sharedNames(secrets: readonly Secret[]): Set<string> {
  const names = unique(secrets).flatMap(({ key, name }) =>
    name !== undefined && key.endsWith("SecretEnv") ? [name] : [],
  );
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}
