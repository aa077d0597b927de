import type { Construct } from "constructs";
import { DataVolume } from "../construct/data-volume";
import { Healthcheck } from "../construct/healthcheck";
import type { Image } from "../construct/image/image";
import { Port } from "../construct/port";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import type { Finding } from "../report/finding";
import type { LambRelease } from "./release";
import { SCRATCH, UVICORN_ACCESS_LOG } from "./running";
import * as variable from "./variables";

export interface OpenWebUiProps {
  readonly release: LambRelease;
  /**
   * Another image than the fork that is released together with LAMB.
   * @default - the release's
   */
  readonly image?: Image | undefined;
}

/**
 * Open WebUI, where people talk to assistants.
 *
 * @see contract section 1.4
 */
export class OpenWebUi extends Service {
  /** The port of the container. */
  static readonly port = 8080;

  /** Database, uploads, vectors and caches. */
  readonly data: Volume;
  private readonly ownImage: Image;

  constructor(scope: Construct, id: string, props: OpenWebUiProps) {
    super(scope, id);
    this.ownImage = props.release.image("openwebui");
    this.data = new DataVolume(scope, "openwebui-data");
    this.set({
      image: props.image ?? this.ownImage,
      environment: {
        ENV: "prod",
        WEBUI_SECRET_KEY: variable.WEBUI_SECRET_KEY,
        WEBUI_URL: variable.OWI_PUBLIC_BASE_URL,
        WEBUI_AUTH_TRUSTED_EMAIL_HEADER: "X-User-Email",
        WEBUI_AUTH_TRUSTED_NAME_HEADER: "X-User-Name",
        ENABLE_SIGNUP: "false",
        DEFAULT_USER_ROLE: variable.DEFAULT_USER_ROLE,
        ENABLE_OLLAMA_API: "false",
        JWT_EXPIRES_IN: variable.JWT_EXPIRES_IN,
        ENABLE_AUTOCOMPLETE_GENERATION: variable.ENABLE_AUTOCOMPLETE_GENERATION,
        ENABLE_TAGS_GENERATION: variable.ENABLE_TAGS_GENERATION,
        ENABLE_RETRIEVAL_QUERY_GENERATION: variable.ENABLE_RETRIEVAL_QUERY_GENERATION,
        GLOBAL_LOG_LEVEL: variable.GLOBAL_LOG_LEVEL,
        UVICORN_ACCESS_LOG,
      },
      expose: [String(OpenWebUi.port)],
      healthcheck: Healthcheck.curl(`http://127.0.0.1:${OpenWebUi.port}/health/db`),
      ports: [Port.loopback(OpenWebUi.port, { published: variable.OPENWEBUI_PORT })],
      volumes: [this.data.at("/app/backend/data")],
      // It ends within 2 seconds; only an open answer of its API would hold it until it is killed, however long that takes.
      stop_grace_period: "10s",
      // It tries to copy two icons within its image at each start, and goes on without: they are there already.
      read_only: true,
      tmpfs: [SCRATCH],
      mem_limit: variable.OPENWEBUI_MEMORY_LIMIT,
    });
  }

  /** Where other services reach it. */
  get address(): string {
    return `http://${this.name}:${OpenWebUi.port}`;
  }

  /** Offers the assistants of LAMB as models. */
  offerAssistantsOf(lamb: Service, port: number): this {
    return this.setEnvironment("OPENAI_API_BASE_URLS", `http://${lamb.name}:${port}/v1`).setEnvironment(
      "OPENAI_API_KEYS",
      variable.LAMB_BEARER_TOKEN,
    );
  }

  override findings(): readonly Finding[] {
    const { image } = this;
    if (image?.repository === this.ownImage.repository) return [];
    return [
      {
        code: "openwebui-not-lockstep",
        severity: "warning",
        construct: this.node.path,
        path: `services.${this.name}.image`,
        value: String(image?.repository),
        reason:
          "LAMB logs people in through a route of its own fork of Open WebUI and reads its tables by the position of their columns: with another image log-in from LAMB and the list of users will not work",
        fix: "leave `image` out, unless this image is built from the same fork and version",
      },
    ];
  }
}
