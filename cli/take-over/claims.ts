/**
 * Who the API server holds for the owner of an object's fields (`metadata.managedFields`), and what moves them from the tool
 * that made the object to the one that goes on with it. A claim that is left behind keeps a field in the object for good:
 * server-side apply removes only what nobody else claims.
 */

/** One entry of `metadata.managedFields`. */
export interface Claim {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion?: string;
  fieldsType?: string;
  fieldsV1?: FieldSet;
  time?: string;
  subresource?: string;
}

/** The API server's form of a set of fields: `{ "f:spec": { "f:replicas": {} } }`. */
export interface FieldSet {
  [field: string]: FieldSet;
}

/** By what name a tool claims fields, and how it writes them. */
export interface Claimant {
  manager: string;
  operation: "Apply" | "Update";
}

/** kubectl's subcommands, Helm, the Pulumi provider, `npm start` without Pulumi, and the API server for what it finds unclaimed. */
const TOOLS =
  /^(kubectl(-[\w-]+)?|helm|todo-app|pulumi-kubernetes(\.exe|-\w+)?|pulumi-resource-kubernetes|before-first-apply)$/;

/** Whether a tool that people deploy with claims these fields; controllers and other people's tools keep theirs. */
export function isOfTool({ manager, subresource }: Claim): boolean {
  return subresource === undefined && TOOLS.test(manager);
}

/**
 * The claims with those of all deployment tools as one of the new owner's.
 * @param unclaimed paths of fields that nobody may claim from now on, as `["spec", "replicas"]`: whoever claims a field that
 *   its manifest does not have would remove it
 */
export function moved(
  claims: readonly Claim[],
  to: Claimant,
  unclaimed: readonly (readonly string[])[] = [],
): Claim[] {
  const isNewOwners = (claim: Claim): boolean =>
    claim.subresource === undefined &&
    claim.manager === to.manager &&
    claim.operation === to.operation;
  const ours = claims.filter((claim) => isOfTool(claim) || isNewOwners(claim));
  const others = claims.filter((claim) => !ours.includes(claim));
  const fields = ours.reduce<FieldSet>((all, { fieldsV1 = {} }) => union(all, fieldsV1), {});
  const kept = unclaimed.reduce(without, fields);
  const [first] = ours;
  if (first === undefined || Object.keys(kept).length === 0) return others;
  const { apiVersion } = first;
  return [
    ...others,
    {
      ...to,
      ...(apiVersion === undefined ? {} : { apiVersion }),
      fieldsType: "FieldsV1",
      fieldsV1: kept,
    },
  ];
}

/** The claims without one manager's of a field: whoever sends the object without that field then leaves it as it is. */
export function withoutClaim(
  claims: readonly Claim[],
  manager: string,
  field: readonly string[],
): Claim[] {
  return claims.map((claim) =>
    claim.manager === manager && claim.subresource === undefined
      ? { ...claim, fieldsV1: without(claim.fieldsV1 ?? {}, field) }
      : claim,
  );
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const all = { ...a };
  for (const [field, inner] of Object.entries(b)) {
    const own = all[field];
    all[field] = own === undefined ? inner : union(own, inner);
  }
  return all;
}

/** A set without one field; what holds nothing else goes with it. */
function without(fields: FieldSet, [step, ...rest]: readonly string[]): FieldSet {
  if (step === undefined) return fields;
  const { [`f:${step}`]: inner, ...others } = fields;
  if (inner === undefined || rest.length === 0) return others;
  const left = without(inner, rest);
  const isEmpty = Object.keys(left).every((field) => field === ".");
  return isEmpty ? others : { ...others, [`f:${step}`]: left };
}
