import { App, ComposeFile, DataVolume, Healthcheck, Image, Service, SettingsFolder } from "lamb-compose";

/** Increments a number in two databases of SQLite, one after the other, as long as it runs; one has a WAL, one a journal. */
const PROGRAM = `import os, pathlib, sqlite3, time

def opened(path, mode):
    database = sqlite3.connect(path, timeout=30, isolation_level=None)
    database.execute(f"PRAGMA journal_mode={mode}")
    database.execute("CREATE TABLE IF NOT EXISTS counter (number INTEGER)")
    database.execute("CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)")
    if not database.execute("SELECT count(*) FROM counter").fetchone()[0]:
        database.execute("INSERT INTO counter VALUES (0)")
        for _ in range(int(os.environ["MEGABYTES"])):
            database.execute("INSERT INTO ballast VALUES (randomblob(1000000))")
    return database


pathlib.Path("/two/deep").mkdir(exist_ok=True)
one, two = opened("/one/one.db", "WAL"), opened("/two/deep/two.db", "DELETE")
index = pathlib.Path("/two/index/1")
index.mkdir(parents=True, exist_ok=True)
(index / "vectors.bin").write_bytes(b"v" * 1000)
pathlib.Path("/two/private").mkdir(mode=0o700, exist_ok=True)
file = pathlib.Path("/two/private/naïve file")
file.write_text("kept")
os.chown(file, 1234, 2345)
os.chmod(file, 0o640)
if not pathlib.Path("/two/link").is_symlink():
    os.symlink("private/naïve file", "/two/link")
while True:
    one.execute("UPDATE counter SET number = number + 1")
    two.execute("UPDATE counter SET number = number + 1")
    pathlib.Path("/tmp/alive").write_text(str(time.time()))
    time.sleep(0.005)
`;

export interface CountedProps {
  /** Megabytes of each database. @default 1 */
  readonly megabytes?: number;
  /** Its release. @default "1" */
  readonly release?: string;
}

/** Files of a stack of somebody's own: one service that writes two databases in turn. */
export function countedStack({ megabytes = 1, release = "1" }: CountedProps = {}): Readonly<Record<string, string>> {
  const app = new App();
  const file = new ComposeFile(app, "stack", { fileName: "compose.yaml" });
  const program = new SettingsFolder(file, "program", { folder: "app", files: { "app.py": PROGRAM } });
  new Service(file, "writer", {
    image: new Image("operated/python", { tag: "1" }),
    command: ["python", "/program/app.py"],
    environment: { MEGABYTES: `${megabytes}`, RELEASE: release },
    healthcheck: Healthcheck.python(
      "import pathlib, time; assert time.time() - float(pathlib.Path('/tmp/alive').read_text()) < 5",
      { interval: "2s", timeout: "10s", retries: 2, start_period: "30s", start_interval: "500ms" },
    ),
    restart: "unless-stopped",
    stop_grace_period: "1s",
    volumes: [
      new DataVolume(file, "one", { databases: ["one.db"] }).at("/one"),
      new DataVolume(file, "two", {
        databases: ["deep/two.db"],
        whole: { "index/*": ["vectors.bin"] },
        refersTo: { one: "rows" },
      }).at("/two"),
      program.at("/program"),
    ],
  });
  return Object.fromEntries(app.synth().files);
}
