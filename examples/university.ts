/**
 * LAMB at a university: images from the campus registry, its own certificate, the old stack's addresses kept alive, and
 * a service of its own beside LAMB, without a line of LAMB's files being touched.
 *
 *   npx tsx examples/university.ts --out deployment
 */
import {
  App,
  BackendAlias,
  because,
  CaddyOverlay,
  EnvVar,
  Image,
  LambRelease,
  LambStack,
  Overlay,
  Port,
  run,
  Service,
  Volume,
} from "lamb-compose";

const app = new App();
const stack = new LambStack(app, "next", {
  release: new LambRelease("0.6", { registry: "registry.campus.example/lamb-project" }),
});

// Open WebUI has `http://backend:9099` stored in its database since the old stack. The alias goes with LAMB 0.8.
new BackendAlias(stack.lamb);

// The certificate lies on the host; where, is said in .env. For a closed network there is { kind: "internal" }.
new CaddyOverlay(stack, "prod", { tls: { kind: "certificate" } });

// The university's own file: it is merged over LAMB's, and holds only what is different here.
const campus = new Overlay(stack, "campus", { description: "What our university adds: limits, and a status page." });
campus.change(stack.kb, { mem_limit: because("Large PDFs must not take the whole machine.", "6g") });

const port = new EnvVar("STATUS_PORT", { meaning: "port of the status page on 127.0.0.1", default: 3001 });
new Service(campus, "status", {
  image: new Image("registry.campus.example/mirror/uptime-kuma", { tag: "1.23.16", hasHealthcheck: true }),
  restart: "unless-stopped",
  ports: [Port.loopback(3001, { published: port })],
  volumes: [new Volume(campus, "status-data").at("/app/data")],
}).dependsOn(stack.lamb);

await run(app);
