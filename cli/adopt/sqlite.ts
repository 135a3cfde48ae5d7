import * as path from "node:path";
import type { Planner } from "./plan";
import { depends, type Role } from "./roles";
import type { Application } from "./survey";
import { addressOf, isDatabaseAddress } from "./variables";

/** Whether its sources or an address say that it keeps its rows in a file. */
export function isSqlite(application: Application): boolean {
  const address = addressOf(application) ?? "";
  return (
    address.startsWith("sqlite") || (application.sources.usesSqlite && !isDatabaseAddress(address))
  );
}

/** The file's folder on a volume, with the one pod that may write to it. */
export function planSqlite(planner: Planner, role: Role, application: Application): void {
  const { sources, docker, compose } = application;
  const given = addressOf(application);
  const written = given ?? sources.sqliteAddress ?? "";
  const [, name = ""] = /^sqlite(?:\+\w+)?:\/\/\/([^?]+)/.exec(written) ?? [];
  const file = name === "" ? "" : path.posix.resolve(docker.workdir, name);
  const readsAddress = sources.reads.has("DATABASE_URL");
  const kept = [...docker.volumes, ...(compose?.volumes ?? [])].find((folder) =>
    mayBeVolume(folder, docker.workdir),
  );
  const own = file === "" ? undefined : path.posix.dirname(file);
  const isInPlace = own !== undefined && mayBeVolume(own, docker.workdir);
  // A file beside the program moves where its address can be said.
  const folder = isInPlace ? own : (kept ?? (readsAddress ? "/data" : undefined));
  if (folder === undefined) {
    planner.open(
      `${role}: its sources name an SQLite file. It lasts only on a volume and with one pod: ${role}VolumePath FOLDER, ${role}Replicas 1` +
        (role === "backend" ? ", autoscaling false." : "."),
    );
    return;
  }
  planner.set(`${role}VolumePath`, folder, "Its SQLite file is there, on a volume that stays.");
  planner.set(`${role}Replicas`, 1, "One pod alone may write the file.");
  if (role === "backend") planner.set("autoscaling", false, "One pod alone may write the file.");
  if (!readsAddress || (isInPlace && given === undefined)) return;
  const target = isInPlace ? file : `${folder}/${path.posix.basename(file) || "app.db"}`;
  planner.put(
    `${role}Env`,
    "DATABASE_URL",
    `${schemeOf(written, application)}:///${target}`,
    "the file, on the volume",
  );
}

/** Whether a volume may take a folder's place: not that of the program itself. */
function mayBeVolume(folder: string, workdir: string): boolean {
  return folder.startsWith("/") && path.posix.relative(folder, workdir).startsWith("..");
}

function schemeOf(written: string, application: Application): string {
  const [scheme] = /^sqlite(\+\w+)?(?=:)/.exec(written) ?? [];
  if (scheme !== undefined) return scheme;
  const isAsync =
    depends(application, ["aiosqlite"]) && depends(application, ["sqlalchemy", "sqlmodel"]);
  return isAsync ? "sqlite+aiosqlite" : "sqlite";
}
