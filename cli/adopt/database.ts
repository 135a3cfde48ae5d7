import { planMigrations } from "./migrations";
import type { Planner } from "./plan";
import { depends, type Role } from "./roles";
import { isSqlite, planSqlite } from "./sqlite";
import type { Application } from "./survey";
import { addressOf, isDatabaseAddress, variablesOf } from "./variables";

const DRIVERS = [
  ...["asyncpg", "psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "pg8000"],
  ...["pg", "postgres", "@prisma/client", "@neondatabase/serverless", "drizzle-orm", "kysely"],
];

/** Names of a database's parts, as applications have them, and libpq's of the same. */
const PART =
  /^(?:DB|DATABASE|POSTGRES(?:QL)?|PG)_?(?:(HOST(?:NAME)?|SERVER)|(PORT)|(USER(?:NAME)?)|(PASS(?:WORD)?)|(NAME|DB|DATABASE))$/;
const PARTS = ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"];

/** Whether an application gets the stack's database, in which form, and what brings it up to date. */
export function planDatabase(planner: Planner, role: Role, application: Application): void {
  const { sources } = application;
  const address = addressOf(application);
  const takesNone = keepsFile(application);
  const parts = partsOf(application);
  const takesParts = parts.length > 0 || sources.usesLibpq;
  const readsAddress = sources.reads.has("DATABASE_URL") || address !== undefined;
  const named = variablesOf(role, application).some(({ value }) => isDatabaseAddress(value));
  const isConnected =
    !takesNone &&
    (takesParts || readsAddress || (role !== "frontend" && depends(application, DRIVERS)));
  const given = role === "frontend" ? "none" : "url";
  // With an address under another name its parts are given, by what is decided of the environment.
  if (takesParts) {
    const why = parts.length > 0 ? `It reads ${parts.join(", ")}` : "It leaves that to libpq";
    planner.set(`${role}Database`, "full", `${why}, in place of an address.`);
  } else if (isConnected !== (given === "url") && !named) {
    const why = isConnected
      ? "It reads DATABASE_URL."
      : takesNone
        ? "It keeps its rows in an SQLite file."
        : "Nothing shows that it opens a database.";
    planner.set(`${role}Database`, isConnected ? "url" : "none", why);
  }
  for (const name of parts) {
    const value = libpqOf(name);
    if (value !== undefined && value !== name)
      planner.put(`${role}Env`, name, `$(${value})`, "Kubernetes fills it in");
  }
  planMigrations(planner, role, application);
  if (isConnected) planScheme(planner, role, application, address ?? "");
  else if (sources.usesSqlite || takesNone) planSqlite(planner, role, application);
}

/** Whether a variable is given by what the stack says of its database. */
export function isPartOfDatabase(application: Application, name: string): boolean {
  return partsOf(application).includes(name);
}

/** A file alone: with a driver for PostgreSQL as well, the file is for developers. */
function keepsFile(application: Application): boolean {
  return isSqlite(application) && !depends(application, DRIVERS);
}

/** Variables that say where a PostgreSQL is, part by part; none where none of them is its host. */
function partsOf(application: Application): string[] {
  if (keepsFile(application)) return [];
  const { sources, compose, chart } = application;
  const names = [
    ...sources.reads,
    ...Object.keys(compose?.environment ?? {}),
    ...Object.keys(chart?.environment ?? {}),
  ];
  const parts = [...new Set(names)].filter((name) => PART.test(name));
  const isPostgres =
    depends(application, DRIVERS) || parts.some((name) => /^(POSTGRES|PG)/.test(name));
  return isPostgres && parts.some((name) => libpqOf(name) === "PGHOST") ? parts : [];
}

function libpqOf(name: string): string | undefined {
  const groups = PART.exec(name)?.slice(1) ?? [];
  return PARTS[groups.findIndex((group) => (group as string | undefined) !== undefined)];
}
/** SQLAlchemy takes the driver from the address: plain `postgresql` means psycopg2 (psycopg from 2.1 on). */
function planScheme(planner: Planner, role: Role, application: Application, address: string): void {
  const { sources } = application;
  if (!depends(application, ["sqlalchemy", "sqlmodel"]) || sources.choosesDriver) return;
  const [written] = /^postgres(ql)?\+\w+(?=:)/.exec(address) ?? [];
  const key = `${role}DatabaseScheme`;
  if (written !== undefined)
    planner.set(key, written, "As the address has it that is given elsewhere.");
  else if (sources.isAsync) {
    const driver = depends(application, ["asyncpg"]) ? "asyncpg" : "psycopg";
    planner.set(key, `postgresql+${driver}`, "It opens the database asynchronously.");
  } else if (sources.connectsItself) {
    planner.open(
      `${role}: its sources give DATABASE_URL to the driver and to SQLAlchemy. If that asks for another driver: ${role}Database full, and an address made of its parts.`,
    );
  } else if (depends(application, ["psycopg2", "psycopg2-binary"])) {
    planner.set(
      key,
      "postgresql+psycopg2",
      "It has psycopg2; from SQLAlchemy 2.1 on the plain address means psycopg 3.",
    );
  } else if (depends(application, ["psycopg", "psycopg-binary"])) {
    planner.set(
      key,
      "postgresql+psycopg",
      "It has psycopg 3; before SQLAlchemy 2.1 the plain address means psycopg2.",
    );
  }
}
