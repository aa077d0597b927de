/**
 * A deployment that has nothing to do with LAMB: a web application, its database, a worker that starts on demand, and
 * an overlay for developers.
 *
 *   npx tsx examples/plain.ts --out shop
 *
 * The commands for living with it are those for LAMB; they know of it what the constructs below say:
 *
 *   lamb-compose up --dir shop           start one service after the other, and keep the state
 *   lamb-compose status --dir shop       how it is; `doctor` and `verify` look further
 *   lamb-compose upgrade --dir shop      to what this program says now, tried on a copy of the database first
 *   lamb-compose rollback --dir shop     back to the state before: files, .env and database together
 */
import {
  App,
  ComposeFile,
  Config,
  DataVolume,
  EnvTemplate,
  EnvVar,
  Healthcheck,
  Image,
  Logging,
  Overlay,
  override,
  Port,
  run,
  Secret,
  Service,
} from "lamb-compose";
import { OutsideCheck } from "lamb-compose/construct";
import { DeploymentGuide, OperationsGuide } from "lamb-compose/guides";

const app = new App();
const shop = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });

// A variable is an object. Wherever it is used, Compose reads it, and the template of the .env explains it.
const version = new EnvVar("SHOP_VERSION", { meaning: "version of the shop", default: "4.2.0" });
const meaning = "file on this host with the password of the database";
const passwordFile = new EnvVar("DB_PASSWORD_FILE", { meaning, required: true, example: "./db-password.txt" });

// Nothing is declared twice: a volume, config or secret that a service mentions appears at the file's top level.
const password = new Secret(shop, "db-password", { file: `${passwordFile}` });
const settings = new Config(shop, "settings", { content: "currency: EUR\nlanguages: [ca, en, eu]\n" });
const image = new Image("registry.example/shop", { tag: version });

// Data that people would miss: `upgrade` copies them, tries the new version on the copy, and can go back to what was.
const data = new DataVolume(shop, "db-data", { schema: "PostgreSQL 17" });
const db = new Service(shop, "db", {
  image: new Image("postgres", { tag: "17.6-alpine" }),
  environment: { POSTGRES_USER: "shop", POSTGRES_PASSWORD_FILE: "/run/secrets/db-password" },
  healthcheck: Healthcheck.command(["pg_isready", "--username", "shop"]),
  restart: "unless-stopped",
  secrets: [password],
  volumes: [data.at("/var/lib/postgresql/data")],
});
const web = new Service(shop, "web", {
  image,
  configs: [settings.at("/etc/shop/settings.yaml")],
  healthcheck: Healthcheck.wget("http://127.0.0.1:8000/ready"),
  ports: [Port.loopback(8000)],
  restart: "unless-stopped",
  secrets: [password],
}).dependsOn(db);

// What `verify` asks as people do, and `upgrade` before and after.
new OutsideCheck(shop, "front page", { what: "the shop is ready", url: "http://127.0.0.1:8000/ready", right: [200] });

// `docker compose --profile reports up -d` starts it, too.
new Service(shop, "reports", { image, command: ["shop", "report"], profiles: ["reports"], secrets: [password] })
  .dependsOn(db)
  .dependsOn(web, "service_started", { required: false });

// An overlay holds what it changes. `replace` takes the place of a value, `reset` removes one.
const develop = new Overlay(shop, "develop", { fileName: "compose.develop.yaml", description: "For developers." });
develop.change(web, { ports: override(["127.0.0.1:8080:8000"]), environment: { SHOP_DEBUG: "1" } });

shop.with(new Logging({ maxSize: "5m", maxFiles: 3 }));
const env = new EnvTemplate(app, "env", { fileName: ".env.example", chosen: [shop] });

// Pages for people, written from the same files.
new DeploymentGuide(app, "deployment guide", { env });
new OperationsGuide(app, "operations guide", { env });

run(app);
