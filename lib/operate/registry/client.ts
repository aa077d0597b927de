import { isDigest, type LockedImage } from "../../construct/image/lock";
import type { ImageReference } from "../../construct/image/reference";
import type { Environment } from "../../env/file";
import { refusal } from "./answer";
import { type Authorization, authorize } from "./authorize";
import { CredentialStore } from "./credentials";
import { registryHost } from "./host";
import { ACCEPTED, digestOf, isDigestOf, type Manifest, manifestIn, platformsIn } from "./manifest";
import { notARegistry, problem, type RegistryRequest } from "./problems";
import { RETRY_POLICY, type Reply, type RetryPolicy, send } from "./send";

export interface RegistryClientProps {
  /** Where Docker's configuration and its helpers are looked for. */
  readonly environment: Environment;
  /** @default - 20 seconds for an answer, three attempts */
  readonly retryPolicy?: RetryPolicy | undefined;
}

/**
 * Asks registries what tags mean. It has the credentials of `docker login`, and shows them to nobody else than the
 * registry that they are for.
 *
 * @see OCI Distribution Specification, "Pulling manifests"
 */
export class RegistryClient {
  private readonly store: CredentialStore;
  private readonly retryPolicy: RetryPolicy;
  /** Registry and repository → how it wants to be asked. */
  private readonly authorizations = new Map<string, Authorization>();

  constructor({ environment, retryPolicy = RETRY_POLICY }: RegistryClientProps) {
    this.store = new CredentialStore(environment);
    this.retryPolicy = retryPolicy;
  }

  /**
   * What an image's tag means now; of a name with a digest, what that is.
   *
   * @throws OperateError see {@link RegistryProblem}
   */
  async describe(reference: ImageReference): Promise<LockedImage> {
    const { asked, reply } = await this.manifest(reference, "GET");
    const digest = verified(asked, reply, reference.digest);
    const manifest = manifestIn(reply.text(), reply.headers.get("content-type") ?? "");
    if (manifest === undefined) throw unsupported(asked, reply);
    const { mediaType } = manifest;
    return { digest, mediaType, platforms: await this.platforms(asked, reference, manifest) };
  }

  /**
   * The digest that an image's tag means now. It costs nothing where registries count what is pulled, and is what the
   * registry says, not verified.
   *
   * @throws OperateError see {@link RegistryProblem}
   */
  async digest(reference: ImageReference): Promise<string> {
    const { reply } = await this.manifest(reference, "HEAD");
    const digestHeader = reply.headers.get("docker-content-digest") ?? "";
    return isDigest(digestHeader) ? digestHeader : (await this.describe(reference)).digest;
  }

  private async manifest(reference: ImageReference, method: "GET" | "HEAD") {
    const { name, registry, digest, tag } = reference;
    const asked: RegistryRequest = { image: name, host: registryHost(registry) };
    const place = `manifests/${digest ?? tag ?? "latest"}`;
    return { asked, reply: await this.ask(asked, reference, method, place, { accept: ACCEPTED }) };
  }

  private async platforms(
    asked: RegistryRequest,
    reference: ImageReference,
    manifest: Manifest,
  ): Promise<readonly string[]> {
    if (manifest.kind === "index") return manifest.platforms;
    if (manifest.config === undefined) return [];
    const { digest, size } = manifest.config;
    const reply = await this.ask(asked, reference, "GET", `blobs/${digest}`, {});
    verified(asked, reply, digest);
    if (reply.body.byteLength !== size) throw unsupported(asked, reply);
    return platformsIn(reply.text());
  }

  private async ask(
    asked: RegistryRequest,
    { registry, path }: ImageReference,
    method: "GET" | "HEAD",
    place: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Reply> {
    const repository = `${registry}/${path}`;
    const url = new URL(`/v2/${path}/${place}`, asked.host.origin);
    const as = (authorization: Authorization | undefined) =>
      send(asked, { url, method, headers, authorization: authorization?.value }, this.retryPolicy);
    let authorization = this.authorizations.get(repository);
    let reply = await as(authorization);
    // Whoever else answers after a redirection has no right to ask who we are.
    if (reply.status === 401 && reply.isOwn) {
      authorization = await authorize(asked, path, reply, this.store, this.retryPolicy);
      this.authorizations.set(repository, authorization);
      reply = await as(authorization);
    }
    const refused = refusal(asked, reply, authorization?.hasCredentials ?? false);
    if (refused !== undefined) throw refused;
    return reply;
  }
}

/** The digest of an answer, when it is the one that was asked for and the one that the registry names. */
function verified(asked: RegistryRequest, { body, headers, hostname }: Reply, wanted: string | undefined): string {
  const named = headers.get("docker-content-digest") ?? undefined;
  for (const digest of [wanted, named]) {
    if (digest !== undefined && isDigestOf(digest, body) !== true) {
      const reason = `${hostname} answers with something else than what the digest names${isDigest(digest) ? ` (${digest})` : ""}`;
      const fix = "run this again; if it stays so, something between here and there changes what passes";
      throw problem("digest-mismatch", asked, reason, fix);
    }
  }
  return wanted ?? named ?? digestOf(body);
}

function unsupported(asked: RegistryRequest, { headers, hostname, text }: Reply) {
  const contentType = headers.get("content-type") ?? "";
  if (!/json/.test(contentType) && !text().trimStart().startsWith("{")) {
    return notARegistry(asked, hostname, "answers with no manifest");
  }
  const reason = `${hostname} has it in a format that Docker does not run any more, that is not an image, or that contradicts itself`;
  return problem("unsupported-image", asked, reason, "name an image that is built with a newer Docker");
}
