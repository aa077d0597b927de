import { DATABASE_READY, HEALTH_READY, KB_READY } from "../generated/programs";

/** Programs that say whether a service can do its work. They run inside the service's own container. */

/** A database of SQLite that a service cannot do without. The texts are expressions of Python. */
interface ProbedDatabase {
  readonly path: string;
  /** A table that it always has: a database that was overwritten, or is another one, does not. */
  readonly table: string;
  readonly written: boolean;
}

/** `webui.db` below a folder. */
const webuiDb = (folder: string, written: boolean): ProbedDatabase => ({
  path: `${folder} + "/webui.db"`,
  table: '"user"',
  written,
});

/**
 * LAMB is ready when it answers and can work with both databases: its `/status` is a constant, and stays good when Open
 * WebUI's data are read-only.
 *
 * @param writesOpenWebUi whether the release writes Open WebUI's database
 */
export function lambProbe(port: number, writesOpenWebUi: boolean): string {
  const own = {
    path: 'os.environ["LAMB_DB_PATH"] + "/lamb_v4.db"',
    table: 'os.environ.get("LAMB_DB_PREFIX", "LAMB_") + "Creator_users"',
    written: true,
  };
  return databaseProbe(port, "/status", [own, webuiDb('os.environ["OWI_PATH"]', writesOpenWebUi)]);
}

/**
 * Open WebUI is ready when it answers and can work with its database. Its `/health/db` reads no table: it stays good while
 * the database is locked, gone or full.
 *
 * @param folder where its data are in the container
 */
export function openWebUiProbe(port: number, folder: string): string {
  return databaseProbe(port, "/health", [webuiDb(JSON.stringify(folder), true)]);
}

/** A probe that costs little until something listens: only then does Python load what asks more. */
function databaseProbe(port: number, path: string, databases: readonly ProbedDatabase[]): string {
  const rows = databases.map(({ path, table, written }) => `    (${path}, ${table}, ${written ? "True" : "False"}),\n`);
  return told(DATABASE_READY, port, path, `(\n${rows.join("")})`);
}

/** The knowledge base is ready when both of its databases are. Its `/health` is a constant. */
export function kbProbe(port: number): string {
  return told(KB_READY, port, "/database/status");
}

/** A probe of `/health` that does not read the words of the answer, and what to ask instead. */
export const CONSTANT_HEALTH = {
  probe: /^(?!.*\b(grep|jq|json)\b).*\/health(?![\w/-])/s,
  instead: "for the word ok in the answer of /health",
};

/**
 * The answer of such a service says "degraded" with status 200: its words count.
 *
 * @param program its name in the middle of a sentence
 */
export function healthProbe(port: number, program: string): string {
  return told(HEALTH_READY, port, "/health", JSON.stringify(program));
}

/** A program with other constants in the line that begins with `PORT`: its port, the address that it asks, and more. */
function told(program: string, port: number, path: string, ...more: readonly string[]): string {
  const values = [port, JSON.stringify(`http://127.0.0.1:${port}${path}`), ...more];
  return program.replace(/^(PORT.* = ).*$/m, (_, names: string) => names + values.join(", "));
}
