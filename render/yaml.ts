import { stringify } from "yaml";

/** YAML as Kubernetes and Helm read it: by version 1.1, in which `yes` and `on` are no text unless they are quoted. */
export function yaml(value: unknown): string {
  return stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}
