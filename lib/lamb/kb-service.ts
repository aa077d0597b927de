import type { Construct } from "constructs";
import { DataVolume } from "../construct/data-volume";
import { Healthcheck } from "../construct/healthcheck";
import { Port } from "../construct/port";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import { KB_PROBE } from "./probes";
import type { LambRelease } from "./release";
import { HOST_GATEWAY } from "./running";
import * as variable from "./variables";

export interface KbServiceProps {
  readonly release: LambRelease;
}

/**
 * The knowledge base: documents, their index, and the files that they came from.
 *
 * @see contract section 1.2
 */
export class KbService extends Service {
  /** The port of the container. It is built into the image. */
  static readonly port = 9090;

  /** Database and vector index. */
  readonly data: Volume;
  /** The originals that people uploaded, and what was made from them. */
  readonly originals: Volume;

  constructor(scope: Construct, id: string, props: KbServiceProps) {
    super(scope, id);
    this.data = new DataVolume(scope, "kb-data");
    this.originals = new DataVolume(scope, "kb-static");
    this.set({
      image: props.release.image("kb"),
      environment: {
        LAMB_API_KEY: variable.LAMB_KB_SERVER_TOKEN,
        HOME_URL: variable.KB_HOME_URL,
        EMBEDDINGS_VENDOR: variable.EMBEDDINGS_VENDOR,
        EMBEDDINGS_MODEL: variable.EMBEDDINGS_MODEL,
        EMBEDDINGS_ENDPOINT: variable.EMBEDDINGS_ENDPOINT,
        EMBEDDINGS_APIKEY: variable.EMBEDDINGS_APIKEY,
        FIRECRAWL_API_URL: variable.FIRECRAWL_API_URL,
        FIRECRAWL_API_KEY: variable.FIRECRAWL_API_KEY,
        MAX_CONCURRENT_INGESTION_TASKS: variable.MAX_CONCURRENT_INGESTION_TASKS,
        INGESTION_TASK_TIMEOUT_SECONDS: variable.INGESTION_TASK_TIMEOUT_SECONDS,
        GLOBAL_LOG_LEVEL: variable.GLOBAL_LOG_LEVEL,
      },
      expose: [String(KbService.port)],
      extra_hosts: HOST_GATEWAY,
      healthcheck: Healthcheck.python(KB_PROBE),
      ports: [Port.loopback(KbService.port, { published: variable.KB_PORT })],
      volumes: [this.data.at("/app/backend/data"), this.originals.at("/app/backend/static")],
      mem_limit: variable.KB_MEMORY_LIMIT,
    });
  }

  /** Where other services reach it. */
  get address(): string {
    return `http://${this.name}:${KbService.port}`;
  }
}
