/** Names and addresses by which the stack's objects and the applications find one another. */

/** The ConfigMap with the settings that are no secret. */
export const settingsName = "todo-config";

/** The Secrets: the application's, and one for each part that is on. */
export const secretNames = {
  application: "todo-secrets",
  database: "postgres",
  pull: "registry-credentials",
  frontendEnv: "frontend-env",
  backendEnv: "backend-env",
  mcpEnv: "mcp-env",
} as const;

/** Where the embedded database is, as the back end sees it. */
export const databaseAddress = { host: "postgres", port: 5432, user: "todo", name: "todo" };

/** The MCP server as a deployment of its own: its name and its Service's. */
export const mcpName = "mcp";
