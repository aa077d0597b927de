import { afterEach, expect, it } from "vitest";
import { filesBeside } from "../../../lib/operate/backup/beside";
import { leftOutOf, leftOutText } from "../../../lib/operate/backup/left-out";
import { manifestIn } from "../../../lib/operate/backup/manifest";
import { backedUpVolumes } from "../../../lib/operate/backup/stores";
import { Docker } from "../../../lib/operate/engine/docker";
import { ComposeProject } from "../../../lib/operate/engine/project";
import { FakeDocker } from "../engine/fake-docker";

let docker: FakeDocker | undefined;
afterEach(() => docker?.remove());

const bind = (source: string, only = false) => ({ type: "bind", source, target: "/x", read_only: only });
const volume = (source: string, only = false) => ({ type: "volume", source, target: "/y", read_only: only });

/** A project whose files call two volumes data, one of them without a generation, and whose services see more than these. */
function shop(): ComposeProject {
  const model = {
    name: "shop",
    services: {
      web: {
        volumes: [
          volume("db"),
          volume("certificates"),
          volume("cache"),
          volume("given", true),
          bind("/tmp/settings", true),
          bind("/tmp/uploads"),
          bind("/srv/media"),
          bind("/etc/localtime", true),
          bind("/tmp/..odd", true),
        ],
      },
    },
    volumes: {
      db: { name: "shop_db" },
      certificates: { name: "shop_certificates" },
      cache: { name: "shop_cache" },
      given: { name: "given", external: true },
    },
    secrets: { key: { file: "/run/secrets/key" }, own: { file: "/tmp/own.key" } },
    "x-lamb-compose": { stores: { db: {}, certificates: { sameInAllGenerations: true } } },
  };
  docker = new FakeDocker([{ when: "config --format json", stdout: JSON.stringify(model) }]);
  return new ComposeProject("/tmp", new Docker(docker.environment));
}

it("is what services write that is no data, and what lies outside of the directory", async () => {
  const project = shop();
  const found = await leftOutOf(project);
  expect(found).toEqual({
    volumes: ["cache"],
    written: ["uploads"],
    outside: ["/etc/localtime", "/run/secrets/key", "/srv/media"],
  });
  expect(leftOutText(found)).toEqual([
    "not in the backup: cache (volumes that the files do not mark as data)",
    "not in the backup: uploads (written by services, and no volumes)",
    "not in the backup: /etc/localtime, /run/secrets/key, /srv/media (outside of the deployment's directory)",
  ]);
  expect(filesBeside(await project.model(), "/tmp").read).toEqual(["..odd", "own.key", "settings"]);
});

it("is not a volume without generations that the files call data", async () => {
  expect((await backedUpVolumes(shop())).map(({ key }) => key)).toEqual(["db", "certificates"]);
});

it("is nothing where a manifest of an earlier version says nothing of it", () => {
  const manifest = { version: 1, madeBy: "0", time: "", project: "shop", generation: "", releases: {}, schemas: {} };
  const { leftOut } = manifestIn(JSON.stringify({ ...manifest, images: {}, volumes: {} }));
  expect([leftOut, leftOutText(leftOut)]).toEqual([{ volumes: [], written: [], outside: [] }, []]);
});
