import type { Environment } from "../../env/file";
import { type Credentials, credentialsOf, type DockerConfig, readDockerConfig } from "./docker-config";
import { askHelper } from "./helper";
import type { RegistryHost } from "./host";
import type { RegistryRequest } from "./problems";

/** Docker's credential store: each registry is looked up once. */
export class CredentialStore {
  private config: Promise<DockerConfig> | undefined;
  private readonly found = new Map<string, Promise<Credentials | undefined>>();

  /** @param environment in which `DOCKER_CONFIG` and `PATH` are looked for */
  constructor(private readonly environment: Environment) {}

  /**
   * What there is for a registry. `undefined` when it is to be asked as anybody.
   *
   * @param host the registry, or the token service that credentials are meant for
   * @throws OperateError `bad-docker-config`, `credential-helper`
   */
  of(asked: RegistryRequest, host: RegistryHost): Promise<Credentials | undefined> {
    const known = this.found.get(host.name) ?? this.lookUp(asked, host);
    this.found.set(host.name, known);
    return known;
  }

  private async lookUp(asked: RegistryRequest, host: RegistryHost): Promise<Credentials | undefined> {
    this.config ??= readDockerConfig(this.environment);
    const config = await this.config;
    const helper = entryFor(config.helpers, host) ?? config.store;
    const kept = helper === undefined ? undefined : await askHelper(asked, helper, host.key, this.environment);
    return kept ?? credentialsOf(entryFor(config.auths, host), config, host.key);
  }
}

/** The value for a registry. Old versions of Docker, and other programs, wrote the key as a URL. */
function entryFor<Value>(values: ReadonlyMap<string, Value>, { key, otherKeys }: RegistryHost): Value | undefined {
  const exact = values.get(key);
  if (exact !== undefined) return exact;
  const names = new Set([key, ...otherKeys].map(withoutPath));
  return [...values].find(([name]) => names.has(withoutPath(name)))?.[1];
}

/** `https://ghcr.io/v1/` → `ghcr.io`. */
function withoutPath(key: string): string {
  const [host = ""] = key.replace(/^https?:\/\//, "").split("/", 1);
  return host;
}
