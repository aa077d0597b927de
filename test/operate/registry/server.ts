import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, as a server saw it. */
export interface Seen {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a server does with a request: an answer, or what it does to the connection. */
export type Handler = (request: Seen, response: ServerResponse, message: IncomingMessage) => Answer | "handled";

/** A server on this machine that plays a registry, its token service or its storage. */
export class FakeServer {
  readonly seen: Seen[] = [];

  private constructor(
    /** As it stands in names of images. */
    readonly host: string,
    private readonly stop: () => Promise<void>,
  ) {}

  static async start(handler: Handler, address = "127.0.0.1"): Promise<FakeServer> {
    const server = createServer((message, response) => {
      const parts: Uint8Array[] = [];
      message.on("data", (part: Uint8Array) => parts.push(part));
      message.on("end", () => {
        const { method = "", url: path = "", headers } = message;
        const seen = { method, path, headers, body: Buffer.concat(parts).toString() };
        fake.seen.push(seen);
        const answer = handler(seen, response, message);
        if (answer === "handled") return;
        response.writeHead(answer.status ?? 200, answer.headers ?? {});
        response.end(method === "HEAD" ? undefined : answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const fake = new FakeServer(`${address}:${portOf(server.address())}`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    open.push(fake);
    return fake;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** Everything that was sent to it, as text. */
  get heard(): string {
    return JSON.stringify(this.seen);
  }

  /** Ends all that were started. */
  static async stopAll(): Promise<void> {
    await Promise.all(open.splice(0).map((fake) => fake.stop()));
  }
}

const open: FakeServer[] = [];

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
}

export const INDEX = "application/vnd.oci.image.index.v1+json";
export const IMAGE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";

export function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** What a registry has: a text with its type, by what stands behind `/v2/`. */
export type Content = Readonly<Record<string, { readonly type: string; readonly text: string }>>;

/** An index with two platforms and an attestation, as builders publish them. */
export const INDEX_TEXT = JSON.stringify({
  schemaVersion: 2,
  mediaType: INDEX,
  manifests: [
    { mediaType: IMAGE, digest: sha256("1"), size: 1, platform: { architecture: "arm64", os: "linux", variant: "v8" } },
    { mediaType: IMAGE, digest: sha256("2"), size: 1, platform: { architecture: "amd64", os: "linux" } },
    { mediaType: IMAGE, digest: sha256("3"), size: 1, platform: { architecture: "unknown", os: "unknown" } },
  ],
});

/** An image for one platform, with the configuration that says for which. */
export const CONFIG_TEXT = JSON.stringify({ architecture: "amd64", os: "linux", config: {} });
export const IMAGE_TEXT = JSON.stringify({
  schemaVersion: 2,
  mediaType: IMAGE,
  config: { mediaType: CONFIG, digest: sha256(CONFIG_TEXT), size: CONFIG_TEXT.length },
  layers: [],
});

/** A registry with an index under `x:1`, and an image under `x:one`. */
export const CONTENT: Content = {
  "x/manifests/1": { type: INDEX, text: INDEX_TEXT },
  "x/manifests/one": { type: IMAGE, text: IMAGE_TEXT },
  [`x/manifests/${sha256(INDEX_TEXT)}`]: { type: INDEX, text: INDEX_TEXT },
  [`x/blobs/${sha256(CONFIG_TEXT)}`]: { type: "application/octet-stream", text: CONFIG_TEXT },
};

/** The answer of a registry that has something, or has it not. */
export function serve(content: Content, { path }: Seen): Answer {
  const found = content[path.replace("/v2/", "")];
  if (found === undefined) return failure(404, "MANIFEST_UNKNOWN");
  const headers = { "content-type": found.type, "docker-content-digest": sha256(found.text) };
  return { headers, body: found.text };
}

/** How registries say what is wrong. */
export function failure(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = JSON.stringify({ errors: [{ code, message: "SAID-BY-THE-REGISTRY" }] });
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}
