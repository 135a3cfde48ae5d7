import { takeOvers } from "./support/take-over";

// Each tool takes over once, and is taken over from once; all twelve pairs: npm run test:ways
takeOvers(["pulumi", "kubectl", "helm3", "helm4", "pulumi"]);
