import type { Planner } from "./plan";
import { depends, type Role } from "./roles";
import type { Application } from "./survey";
import { isDatabaseAddress, variablesOf } from "./variables";

const DRIVERS = [
  ...["asyncpg", "psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "pg8000"],
  ...["pg", "postgres", "@prisma/client", "@neondatabase/serverless", "drizzle-orm", "kysely"],
];

/** Whether an application gets the stack's database, in which form, and what brings it up to date. */
export function planDatabase(planner: Planner, role: Role, application: Application): void {
  const { sources, files } = application;
  const address = addressOf(application);
  const readsAddress = sources.reads.has("DATABASE_URL") || address !== undefined;
  const named = variablesOf(role, application).some(({ value }) => isDatabaseAddress(value));
  const isConnected = readsAddress || (role !== "frontend" && depends(application, DRIVERS));
  const given = role === "frontend" ? "none" : "url";
  // With an address under another name its parts are given, by what is decided of the environment.
  if (isConnected !== (given === "url") && !named) {
    const why = isConnected ? "It reads DATABASE_URL." : "Nothing shows that it opens a database.";
    planner.set(`${role}Database`, isConnected ? "url" : "none", why);
  }
  if (role === "backend") {
    const migrates = files.includes("alembic.ini") && depends(application, ["alembic"]);
    const others = files.filter((file) =>
      /(^|\/)migrations?\/.*\.sql$|(^|\/)migrate\w*\.py$/.test(file),
    );
    if (!migrates && others.length > 0) {
      planner.open(
        `backend: nothing in the stack runs ${others.slice(0, 3).join(", ")}${others.length > 3 ? ", …" : ""}: backendMigrateCommand is for a command of the image that does.`,
      );
    }
    const runsIt = /alembic/.test(application.docker.command);
    planner.set(
      "backendMigrateCommand",
      migrates && !runsIt ? ["alembic", "upgrade", "head"] : [],
      migrates && !runsIt
        ? "It has alembic.ini."
        : "It brings its database up to date by itself, or has none.",
    );
  }
  if (isConnected) planScheme(planner, role, application, address ?? "");
  if (!isConnected && sources.usesSqlite) {
    planner.open(
      `${role}: its sources name an SQLite file. It lasts only on a volume and with one pod: ${role}VolumePath FOLDER, ${role}Replicas 1` +
        (role === "backend" ? ", autoscaling false." : "."),
    );
  }
}

/** DATABASE_URL as other files have it; never from a real `.env`. */
function addressOf({ compose, chart, examples }: Application): string | undefined {
  return (
    compose?.environment["DATABASE_URL"] ??
    chart?.environment["DATABASE_URL"] ??
    examples["DATABASE_URL"]?.value
  );
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
