import fc from "fast-check";
import { App, CaddyOverlay, ComposeFile, LambStack, Network, Ollama, Overlay, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { Writers } from "../../lib/construct/synth/writers";

/** A service `web` of its own, and `cache`, which changes it. */
function demo() {
  const app = new App();
  const file = new ComposeFile(app, "file", { name: "demo" });
  const web = new Service(file, "web", {
    image: "web:1",
    environment: ["LEVEL=INFO"],
    ports: ["127.0.0.1:80:80"],
    labels: { a: "1", b: "2" },
  });
  const cache = new Service(file, "cache", { image: "cache:1", healthcheck: { test: ["CMD", "true"] } });
  return { app, file, web, cache };
}

/** Path below `services.web` → the construct that `explain` names. */
async function writersOf(app: App): Promise<Readonly<Record<string, string | undefined>>> {
  const explained = await app.synth().explain("services.web");
  return Object.fromEntries(explained.map(({ path, construct }) => [path.slice("services.web.".length), construct]));
}

type Change = (web: Service, cache: Service) => Service;

const CHANGES: readonly { readonly way: string; readonly change: Change; readonly writes: readonly string[] }[] = [
  { way: "set", change: (web) => web.set({ mem_limit: "1g", labels: { a: "9" } }), writes: ["labels.a", "mem_limit"] },
  {
    way: "setEnvironment beside what the service says",
    change: (web) => web.setEnvironment("CACHE", "x"),
    writes: ["environment.CACHE"],
  },
  {
    way: "add to a list that is there",
    change: (web) => web.add("ports", "127.0.0.1:81:81"),
    writes: ["ports[1].host_ip", "ports[1].mode", "ports[1].protocol", "ports[1].published", "ports[1].target"],
  },
  { way: "add to a list that is not", change: (web) => web.add("expose", "99"), writes: ["expose[0]"] },
  {
    way: "dependsOn",
    change: (web, cache) => web.dependsOn(cache),
    writes: ["depends_on.cache.condition", "depends_on.cache.required"],
  },
  {
    way: "connect and addAlias",
    change: (web) => web.connect(new Network(web, "side"), { aliases: ["w"] }).addAlias("www", "As before."),
    writes: ["networks.default.aliases[0]", "networks.side.aliases[0]", "networks.side.aliases[1]"],
  },
  {
    way: "patch",
    change: (web) => web.patch({ labels: { b: "3" }, ports: ["127.0.0.1:82:82"], mem_limit: "1g" }),
    writes: [
      "labels.b",
      "mem_limit",
      ...["host_ip", "mode", "protocol", "published", "target"].map((key) => `ports[0].${key}`),
    ],
  },
];

describe("by", () => {
  it.each(CHANGES)(
    "ascribes to the construct it names what $way writes, and nothing else",
    async ({ change, writes }) => {
      const { app, web, cache } = demo();
      web.by(cache, () => change(web, cache));
      const writers = await writersOf(app);
      const theirs = Object.keys(writers).filter((path) => writers[path] === "file/cache");
      expect(theirs.toSorted()).toEqual(writes.toSorted());
      expect(new Set(Object.values(writers))).toContain("file/web");
    },
  );

  it.each(CHANGES)("leaves the files of $way as they are without it", ({ change }) => {
    const [named, plain] = [demo(), demo()];
    named.web.by(named.cache, () => change(named.web, named.cache));
    change(plain.web, plain.cache);
    expect(named.app.synth().files).toEqual(plain.app.synth().files);
  });

  it("ends with the change, also with one that fails, and nests", async () => {
    const { app, file, web, cache } = demo();
    const fail = () => {
      throw new Error("no");
    };
    expect(() => web.by(cache, fail)).toThrow("no");
    web.by(cache, () => {
      web.by(file, () => web.setEnvironment("FILE", "1")).setEnvironment("CACHE", "1");
    });
    web.setEnvironment("OWN", "1");
    expect(await writersOf(app)).toMatchObject({
      "environment.FILE": "file",
      "environment.CACHE": "file/cache",
      "environment.OWN": "file/web",
      "environment.LEVEL": "file/web",
    });
  });

  it("gives back to the service what it sets within, or in place of, what another construct set", async () => {
    const { app, web, cache } = demo();
    web.by(cache, () =>
      web
        .set({ environment: { A: "1", B: "1" } })
        .add("expose", "1")
        .set({ init: true }),
    );
    web.setEnvironment("B", "2").add("expose", "2").set({ init: false });
    web.by(cache, () => web.patch({ environment: { C: "1" } }));
    web.patch({ environment: { A: "3" } });
    expect(await writersOf(app)).toMatchObject({
      "environment.A": "file/web",
      "environment.B": "file/web",
      "environment.C": "file/cache",
      "expose[0]": "file/cache",
      "expose[1]": "file/web",
      init: "file/web",
    });
  });

  it("is what findings name: of values, of templates and of references", () => {
    const { app, web, cache } = demo();
    web.by(cache, () =>
      web.set({ shm_size: "6 elephants" }).setEnvironment("HALF", "${A").add("volumes", "data:relative"),
    );
    const found = app.synth().findings.map(({ code, construct, path }) => [code, construct, path]);
    expect(found).toContainEqual(["compose-refuses", "file/cache", "services.web.shm_size"]);
    expect(found).toContainEqual(["invalid-template", "file/cache", "services.web.environment.HALF"]);
    expect(found).toContainEqual(["dangling-reference", "file/cache", "services.web.volumes"]);
    expect(found.filter(([, construct]) => construct === "file/web")).toEqual([]);
  });

  it("names an overlay that changes all services, beside the change of one", async () => {
    const { app, file, web, cache } = demo();
    class Always extends Overlay {
      protected override changesTo() {
        return { restart: "always" } as const;
      }
    }
    const overlay = new Always(file, "always");
    overlay.change(web, { init: true }).by(cache, (changed) => changed.setEnvironment("CACHE", "1"));
    expect(await writersOf(app)).toMatchObject({
      restart: "file/always",
      init: "file/always/web",
      "environment.CACHE": "file/cache",
      "environment.LEVEL": "file/web",
    });
  });
});

describe("LAMB", () => {
  it("names the construct that brings a value into another one's service", async () => {
    const app = new App();
    const stack = new LambStack(app, "next");
    new Ollama(stack);
    new CaddyOverlay(stack, "prod");
    const explained = await app.synth().explain("services", { profiles: ["ollama"] });
    const brought = explained.flatMap(({ path, construct }) => {
      const service = path.split(".")[1] ?? "";
      const own = [`next/${service}`, `next/prod/${service}`];
      return construct === undefined || own.includes(construct) ? [] : [`${path} by ${construct}`];
    });
    expect(brought).toMatchSnapshot();
  });
});

describe("Writers", () => {
  const step = fc.constantFrom("a", "b", 0);
  const path = fc.array(step, { minLength: 1, maxLength: 3 });

  it("names of the assignments to a path and those above it the last one", () => {
    const constructs = ["p", "q", "r"].map((id) => new ComposeFile(new App(), id));
    const assignment = fc.tuple(path, fc.constantFrom(...constructs));
    fc.assert(
      fc.property(fc.array(assignment), path, (assignments, asked) => {
        const writers = new Writers();
        for (const [place, by] of assignments) writers.set(place, by);
        const last = assignments.findLast(([place]) => place.every((key, index) => key === asked[index]));
        expect(writers.at(asked)).toBe(last?.[1]);
      }),
    );
  });
});
