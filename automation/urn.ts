/** `urn:pulumi:local::todo-app::…$kubernetes:apps/v1:Deployment::backend` → "Deployment backend". */
export function resourceName(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1) ?? types;
  return `${type.split(":").at(-1) ?? type} ${name.join("::")}`;
}
