import { isDigest, type LockedImage } from "../../construct/image/lock";
import type { ImageReference } from "../../construct/image/reference";
import { refusal } from "./answer";
import { type Authorization, authorize } from "./authorize";
import { CredentialStore } from "./credentials";
import type { Environment } from "./docker-config";
import { registryHost } from "./host";
import { ACCEPTED, digestOf, isDigestOf, type Manifest, manifestIn, platformsIn } from "./manifest";
import { notARegistry, problem, type Question } from "./problems";
import { PATIENCE, type Patience, type Reply, send } from "./send";

export interface RegistryClientProps {
  /** Where Docker's configuration and its helpers are looked for. */
  readonly environment: Environment;
  /** @default - 20 seconds for an answer, three attempts */
  readonly patience?: Patience | undefined;
}

/**
 * Asks registries what tags mean. It has the credentials of `docker login`, and shows them to nobody else than the
 * registry that they are for.
 *
 * @see OCI Distribution Specification, "Pulling manifests"
 */
export class RegistryClient {
  private readonly store: CredentialStore;
  private readonly patience: Patience;
  /** Registry and repository → how it wants to be asked. */
  private readonly authorizations = new Map<string, Authorization>();

  constructor({ environment, patience = PATIENCE }: RegistryClientProps) {
    this.store = new CredentialStore(environment);
    this.patience = patience;
  }

  /**
   * What an image's tag means now; of a name with a digest, what that is.
   *
   * @throws OperateError see {@link RegistryProblem}
   */
  async describe(reference: ImageReference): Promise<LockedImage> {
    const { question, reply } = await this.manifest(reference, "GET");
    const digest = verified(question, reply, reference.digest);
    const manifest = manifestIn(reply.text(), reply.headers.get("content-type") ?? "");
    if (manifest === undefined) throw unsupported(question, reply);
    const { mediaType } = manifest;
    return { digest, mediaType, platforms: await this.platforms(question, reference, manifest) };
  }

  /**
   * The digest that an image's tag means now. It costs nothing where registries count what is pulled, and is what the
   * registry says, not verified.
   *
   * @throws OperateError see {@link RegistryProblem}
   */
  async digest(reference: ImageReference): Promise<string> {
    const { reply } = await this.manifest(reference, "HEAD");
    const said = reply.headers.get("docker-content-digest") ?? "";
    return isDigest(said) ? said : (await this.describe(reference)).digest;
  }

  private async manifest(reference: ImageReference, method: "GET" | "HEAD") {
    const { name, registry, digest, tag } = reference;
    const question: Question = { image: name, host: registryHost(registry) };
    const place = `manifests/${digest ?? tag ?? "latest"}`;
    return { question, reply: await this.ask(question, reference, method, place, { accept: ACCEPTED }) };
  }

  private async platforms(
    question: Question,
    reference: ImageReference,
    manifest: Manifest,
  ): Promise<readonly string[]> {
    if (manifest.kind === "index") return manifest.platforms;
    if (manifest.config === undefined) return [];
    const { digest, size } = manifest.config;
    const reply = await this.ask(question, reference, "GET", `blobs/${digest}`, {});
    verified(question, reply, digest);
    if (reply.body.byteLength !== size) throw unsupported(question, reply);
    return platformsIn(reply.text());
  }

  private async ask(
    question: Question,
    { registry, path }: ImageReference,
    method: "GET" | "HEAD",
    place: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Reply> {
    const repository = `${registry}/${path}`;
    const url = new URL(`/v2/${path}/${place}`, question.host.origin);
    const as = (authorization: Authorization | undefined) =>
      send(question, { url, method, headers, authorization: authorization?.value }, this.patience);
    let authorization = this.authorizations.get(repository);
    let reply = await as(authorization);
    // Whoever else answers after a redirection has no right to ask who we are.
    if (reply.status === 401 && reply.isOwn) {
      authorization = await authorize(question, path, reply, this.store, this.patience);
      this.authorizations.set(repository, authorization);
      reply = await as(authorization);
    }
    const refused = refusal(question, reply, authorization?.hasCredentials ?? false);
    if (refused !== undefined) throw refused;
    return reply;
  }
}

/** The digest of an answer, when it is the one that was asked for and the one that the registry names. */
function verified(question: Question, { body, headers, hostname }: Reply, wanted: string | undefined): string {
  const named = headers.get("docker-content-digest") ?? undefined;
  for (const digest of [wanted, named]) {
    if (digest !== undefined && isDigestOf(digest, body) !== true) {
      const reason = `${hostname} answers with something else than what the digest names${isDigest(digest) ? ` (${digest})` : ""}`;
      const fix = "run this again; if it stays so, something between here and there changes what passes";
      throw problem("digest-mismatch", question, reason, fix);
    }
  }
  return wanted ?? named ?? digestOf(body);
}

function unsupported(question: Question, { headers, hostname, text }: Reply) {
  const contentType = headers.get("content-type") ?? "";
  if (!/json/.test(contentType) && !text().trimStart().startsWith("{")) {
    return notARegistry(question, hostname, "answers with no manifest");
  }
  const reason = `${hostname} has it in a format that Docker does not run any more, that is not an image, or that contradicts itself`;
  return problem("unsupported-image", question, reason, "name an image that is built with a newer Docker");
}
