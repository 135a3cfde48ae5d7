import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";

import { type Resource, type Rule, rules } from "./rules";

/** Stacks of one developer, which may be thrown away. */
const disposable = ["data-protected"];

/**
 * `pulumi preview --policy-pack policy`. Each rule sees the whole stack, so that one may ask for another's company
 * (a Deployment for its PodDisruptionBudget).
 */
function policy({ name, description, check }: Rule): StackValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: disposable.includes(name) ? "advisory" : "mandatory",
    validateStack({ resources }, reportViolation) {
      const all = resources.map(({ type, name, props, opts }): Resource => ({
        type,
        name,
        props,
        protect: opts.protect,
      }));
      for (const [index, resource] of all.entries()) {
        for (const message of check(resource, all)) {
          reportViolation(message, resources[index]?.urn);
        }
      }
    },
  };
}

new PolicyPack("todo-app", { policies: rules.map(policy) });
