import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LOCK = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });
const MANIFEST = z.looseObject({ name: z.string(), version: z.string() });

/** A registry of npm on this machine: it has what is installed here, and one package more. */
export interface NpmRegistry {
  readonly url: string;
  stop(): void;
}

/** @param folder of the package that is published in it */
export async function startNpmRegistry(folder: string): Promise<NpmRegistry> {
  const { packages } = LOCK.parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));
  const installed = Object.keys(packages).filter((path) => path.startsWith("node_modules/"));
  const server = createServer(({ url = "/" }, response) => {
    const asked = decodeURIComponent(url.slice(1));
    const [, path = ""] = /^-\/(.*)\.tgz$/.exec(asked) ?? [];
    if (path !== "") {
      const words = ["--create", "--gzip", "--exclude=./node_modules", "--transform", "s,^[.],package,"];
      spawn("tar", [...words, "--directory", path, "."]).stdout.pipe(response);
      return;
    }
    const places = installed
      .filter((place) => place.endsWith(`node_modules/${asked}`))
      .map((place) => join(ROOT, place));
    const versions = (asked === nameIn(folder) ? [folder] : places).map((place) => {
      const manifest = manifestIn(place);
      return [manifest.version, { ...manifest, dist: { tarball: `${addressOf(server)}/-/${place}.tgz` } }] as const;
    });
    const [latest] = versions.map(([version]) => version);
    response.writeHead(latest === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ name: asked, versions: Object.fromEntries(versions), "dist-tags": { latest } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: addressOf(server),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

function manifestIn(folder: string): z.infer<typeof MANIFEST> {
  return MANIFEST.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

function nameIn(folder: string): string {
  return manifestIn(folder).name;
}
