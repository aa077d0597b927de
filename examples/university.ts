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
  Hardening,
  Image,
  LambRelease,
  LambStack,
  Logging,
  Overlay,
  Port,
  Relation,
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
const campus = new Overlay(stack, "campus", { description: "What our university adds: a limit, and grades." });
campus.change(stack.kb, { mem_limit: because("Large documents must not take the whole machine.", "6g") });

const port = new EnvVar("GRADES_PORT", { meaning: "port of the grades service on 127.0.0.1", default: 7000 });
const grades = new Service(campus, "grades", {
  image: new Image("registry.campus.example/grades", { tag: "2.1.0", hasHealthcheck: true }),
  environment: { LAMB_URL: `http://${stack.lamb.name}:9099` },
  ports: [Port.loopback(7000, { published: port })],
  read_only: true,
  volumes: [new Volume(campus, "grades-data").at("/data")],
}).dependsOn(stack.lamb);
// Each network is of two that talk: the grades reach LAMB, and neither the knowledge base nor Open WebUI.
new Relation(campus, "lamb-grades", stack.lamb, grades);

// LAMB's rules for production hold for it, too: restart, rights, time to stop, bounded logs come from two mixins.
campus.with(new Hardening(), new Logging());

run(app);
