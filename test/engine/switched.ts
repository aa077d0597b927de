import { App, ComposeFile, DataVolume, Healthcheck, Image, Port, Service, SettingsFolder } from "lamb-compose";
import { OutsideCheck, StackRelease } from "lamb-compose/construct";
import { inject } from "vitest";

export const PORT = 18190;

/** How a release behaves: it is `good`, or ends at its start, never answers, ends after it was well, breaks its database. */
export type Behaviour = "good" | "exits" | "hangs" | "dies" | "damages";

/** A server with a database of SQLite and a file, which takes a while to start, and changes its database when it does. */
const PROGRAM = `import http.server, os, pathlib, signal, sqlite3, sys, threading, time

release, behaviour = os.environ["RELEASE"], os.environ["BEHAVIOUR"]
time.sleep(float(os.environ["START"]))
path = "/data/app.db"
database = sqlite3.connect(path, check_same_thread=False, timeout=5)
database.execute("PRAGMA journal_mode=WAL")
database.execute("CREATE TABLE IF NOT EXISTS counter (number INTEGER)")
database.execute("CREATE TABLE IF NOT EXISTS releases (name TEXT)")
if not database.execute("SELECT count(*) FROM counter").fetchone()[0]:
    database.execute("INSERT INTO counter VALUES (0)")
database.execute("INSERT INTO releases VALUES (?)", (release,))
database.commit()
pathlib.Path("/data/files").mkdir(exist_ok=True)
kept = pathlib.Path("/data/files/kept")
if not kept.exists():
    kept.write_text("kept " * 1000)
if behaviour == "exits":
    print("the migration failed", flush=True)
    sys.exit(3)
if behaviour == "damages":
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(path, "r+b") as file:
        file.seek(100)
        file.write(b"x" * 4000)
if behaviour == "hangs":
    time.sleep(1e6)


lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        if behaviour == "damages":
            return self.answer(release)
        names = [name for name, in database.execute("SELECT DISTINCT name FROM releases")]
        self.answer(f"{release} {database.execute('SELECT number FROM counter').fetchone()[0]} {','.join(names)} {len(kept.read_text())}")

    def do_POST(self):
        with lock:
            database.execute("UPDATE counter SET number = number + 1")
            database.commit()
            number = database.execute("SELECT number FROM counter").fetchone()[0]
        pathlib.Path(f"/data/files/{time.time_ns()}").write_text("posted")
        self.answer(str(number))

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


server = Server(("0.0.0.0", 8000), Handler)
if behaviour == "dies":
    threading.Timer(4, lambda: os._exit(4)).start()
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
database.close()
`;

const CADDYFILE = `{
	admin off
}
:80 {
	handle_path /db/* {
		reverse_proxy db:8000 {
			lb_try_duration 60s
			lb_try_interval 250ms
		}
	}
	handle {
		reverse_proxy web:8000 {
			lb_try_duration 60s
			lb_try_interval 250ms
		}
	}
}
`;

export interface StackProps {
  readonly release: string;
  /** How `web` behaves. @default "good" */
  readonly behaviour?: Behaviour;
  /** Seconds that `web` takes to start; `db` takes one more. @default 1 */
  readonly start?: number;
  /** The layout of the data of `web`. @default "1" */
  readonly schema?: string;
  /** What the release changes in the data for good. @default - nothing */
  readonly oneWay?: string;
}

/** Files of a stack of somebody's own: two services with data of their own, behind a proxy that lets requests wait. */
export function stackOf({
  release,
  behaviour = "good",
  start = 1,
  ...data
}: StackProps): Readonly<Record<string, string>> {
  const app = new App();
  const file = new ComposeFile(app, "stack", { fileName: "compose.yaml" });
  const program = new SettingsFolder(file, "program", { folder: "app", files: { "app.py": PROGRAM } });
  const settings = new SettingsFolder(file, "settings", { folder: "proxy", files: { Caddyfile: CADDYFILE } });
  const service = (id: string, seconds: number, how: Behaviour) =>
    new Service(file, id, {
      image: new Image("operated/python", { tag: "1" }),
      command: ["python", "/program/app.py"],
      environment: { RELEASE: release, BEHAVIOUR: how, START: `${seconds}` },
      expose: ["8000"],
      healthcheck: Healthcheck.python("import urllib.request as r; r.urlopen('http://127.0.0.1:8000/', timeout=2)", {
        interval: "2s",
        timeout: "10s",
        retries: 2,
        start_period: "20s",
        start_interval: "500ms",
      }),
      restart: "unless-stopped",
      stop_grace_period: "5s",
      volumes: [
        new DataVolume(file, `${id}-data`, {
          databases: ["app.db"],
          schema: id === "web" ? (data.schema ?? "1") : "1",
        }).at("/data"),
        program.at("/program"),
      ],
    });
  const db = service("db", start + 1, "good");
  const web = service("web", start, behaviour).dependsOn(db);
  new Service(file, "proxy", {
    image: new Image("operated/caddy", { tag: "1" }),
    command: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
    ports: [Port.loopback(80, { published: PORT })],
    volumes: [settings.at("/etc/caddy")],
  }).dependsOn(web);
  if (data.oneWay !== undefined) {
    new StackRelease(file, "Shop", { version: release, oneWay: { [release]: [data.oneWay] } });
  }
  new OutsideCheck(file, "page", { what: "the page answers", url: `http://127.0.0.1:${PORT}/`, right: [200] });
  return Object.fromEntries(app.synth().files);
}

/** The images of the stack, by the names that it has for them. */
export function stackImages(): readonly (readonly [image: string, name: string])[] {
  const found = inject("standIns");
  return [
    [found?.["lamb-kb"] ?? "", "operated/python:1"],
    [found?.caddy ?? "", "operated/caddy:1"],
  ];
}
