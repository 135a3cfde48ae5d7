import { imageRules } from "./images";
import { namespaceRules } from "./namespace";
import { podRules } from "./pods";
import type { Rule } from "./resource";

export type { Resource, Rule } from "./resource";

/** Every promise that the policy pack checks. Pure functions: the tests run them over rendered objects as well. */
export const rules: Rule[] = [...podRules, ...imageRules, ...namespaceRules];
