import type { ApplicationName } from "../config/application";
import { ownApplications } from "../config/application-rules";
import type { StackConfig } from "../config/stack";
import { type DatabaseForms, givenUrlKey } from "../manifests/secret-data";

/** Where the Secret holds the database's address as an application wants it. */
export function databaseUrlKey(config: StackConfig, app: ApplicationName): string {
  // From the back end's image the MCP server wants what the back end wants.
  const owner = app === "mcp" && !config.mcp.ownImage ? "backend" : app;
  return hasForm(config, owner) ? `${owner}-database-url` : givenUrlKey;
}

/** Every form of the address that some application reads. */
export function databaseForms(config: StackConfig): DatabaseForms {
  const { mcp } = config;
  const apps = (["frontend", "backend", "mcp"] as const).filter(
    (app) => config[app].database !== "none" && (app !== "mcp" || mcp.separate),
  );
  const formed = ownApplications(config).filter(
    (app) => apps.includes(app) && hasForm(config, app),
  );
  return {
    readers: Object.fromEntries(apps.map((app) => [app, databaseUrlKey(config, app)])),
    urls: Object.fromEntries(
      formed.map((app) => {
        const { databaseScheme: scheme, databaseOptions: options } = config[app];
        return [databaseUrlKey(config, app), { scheme, options }];
      }),
    ),
    parts: apps.some((app) => config[app].database === "full"),
  };
}

function hasForm(config: StackConfig, app: ApplicationName): boolean {
  const { databaseScheme, databaseOptions } = config[app];
  return databaseScheme !== "" || databaseOptions !== "";
}
