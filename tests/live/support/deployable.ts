import type { Changes } from "../../unit/render/support/configurations";

/** Keys of which any generated value lets the pods run on a cluster of two processors. */
const harmless = [
  ...["podSecurity", "autoscaling", "targetCpuUtilization", "openaiModel", "openaiBaseUrl"],
  ...["openaiApiMode", "chatTurnsPerMinute", "chatMaxTurns", "chatMaxOutputTokens", "publicUrl"],
  ...["mcpMode", "mcpAllowedHosts", "resourceQuota", "networkPolicies", "backendEgressPorts"],
  ...["frontendEgressPorts", "metricsNamespace", "databaseClients"],
  ...["databaseMaxConnections", "dnsNamespace", "dnsPodLabels", "dnsPort", "dnsCidrs"],
  ...["ingressHost", "ingressClassName", "ingressTlsSecret", "ingressAnnotations"],
  ...["kubectlAi", "kubectlAiScale", "frontendReadOnlyRoot", "backendReadOnlyRoot"],
];

/** Numbers that would let it take too long, or want too many pods: at most these. */
const most: Record<string, number> = {
  ...{ frontendReplicas: 2, backendReplicas: 2, minReplicas: 2, mcpReplicas: 1 },
  ...{ frontendLivenessInitialDelaySeconds: 3, frontendReadinessInitialDelaySeconds: 3 },
  ...{ backendLivenessInitialDelaySeconds: 3, backendReadinessInitialDelaySeconds: 3 },
  ...{ frontendLivenessPeriodSeconds: 20, frontendReadinessPeriodSeconds: 3 },
  ...{ backendLivenessPeriodSeconds: 20, backendReadinessPeriodSeconds: 3 },
};

/** Variables that neither application reads. */
const unread = ["A", "Zone", "_x9"];

/** A generated configuration without what keeps this project's own applications from starting on a small cluster. */
export function deployable(changes: Changes): Changes {
  const kept = Object.entries(changes).flatMap(([key, value]): [string, unknown][] => {
    if (harmless.includes(key)) return [[key, value]];
    if (key in most) return [[key, Math.min(Number(value), most[key] ?? 0)]];
    if (key === "databaseStorage") return [[key, "500Mi"]];
    if (key === "maxReplicas") return [[key, Math.max(Number(value), 2)]];
    if (key === "frontendServiceType" && value !== "LoadBalancer") return [[key, value]];
    if (key !== "frontendEnv" && key !== "backendEnv") return [];
    const variables = Object.entries(value as object).filter(([name]) => unread.includes(name));
    return [[key, Object.fromEntries(variables)]];
  });
  const requests = { frontendCpuRequest: "50m", backendCpuRequest: "50m" };
  return { ...Object.fromEntries(kept), ...requests };
}
