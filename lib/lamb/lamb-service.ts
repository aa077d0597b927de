import type { Construct } from "constructs";
import { DataVolume } from "../construct/data-volume";
import { Healthcheck } from "../construct/healthcheck";
import { Port } from "../construct/port";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import type { KbService } from "./kb-service";
import type { OpenWebUi } from "./open-webui";
import { lambProbe } from "./probes";
import type { LambRelease } from "./release";
import { HOST_GATEWAY, UVICORN_ACCESS_LOG } from "./running";
import * as variable from "./variables";

export interface LambServiceProps {
  readonly release: LambRelease;
}

/** Where LAMB finds the data of Open WebUI in its container. */
const OPEN_WEBUI_DATA = "/data/openwebui";

/**
 * LAMB itself: the backend with the bundled frontend.
 *
 * @see contract section 1.1
 */
export class LambService extends Service {
  /** The port of the container. It is built into the image. */
  static readonly port = 9099;

  readonly release: LambRelease;
  /** LAMB's database and logs of assisted creation. */
  readonly data: Volume;
  /** What people uploaded, and generated images. */
  readonly uploads: Volume;

  constructor(scope: Construct, id: string, props: LambServiceProps) {
    super(scope, id);
    this.release = props.release;
    this.data = new DataVolume(scope, "lamb-data");
    this.uploads = new DataVolume(scope, "lamb-static");
    this.set({
      image: this.release.image("lamb"),
      environment: {
        LAMB_WEB_HOST: variable.LAMB_WEB_HOST,
        LAMB_PUBLIC_BASE_URL: variable.LAMB_PUBLIC_BASE_URL,
        LAMB_BACKEND_HOST: `http://localhost:${LambService.port}`,
        LAMB_DB_PATH: "/data/lamb",
        LAMB_DB_PREFIX: variable.LAMB_DB_PREFIX,
        LAMB_BEARER_TOKEN: variable.LAMB_BEARER_TOKEN,
        LAMB_JWT_SECRET: variable.LAMB_JWT_SECRET,
        SIGNUP_ENABLED: variable.SIGNUP_ENABLED,
        SIGNUP_SECRET_KEY: variable.SIGNUP_SECRET_KEY,
        LTI_SECRET: variable.LTI_SECRET,
        LTI_GLOBAL_CONSUMER_KEY: variable.LTI_GLOBAL_CONSUMER_KEY,
        LTI_GLOBAL_SECRET: variable.LTI_GLOBAL_SECRET,
        OPENAI_API_KEY: variable.OPENAI_API_KEY,
        OPENAI_BASE_URL: variable.OPENAI_BASE_URL,
        OPENAI_MODEL: variable.OPENAI_MODEL,
        OPENAI_MODELS: variable.OPENAI_MODELS,
        GEMINI_API_KEY: variable.GEMINI_API_KEY,
        OLLAMA_ENABLED: variable.OLLAMA_ENABLED,
        OLLAMA_BASE_URL: variable.OLLAMA_BASE_URL,
        OLLAMA_MODEL: variable.OLLAMA_MODEL,
        GLOBAL_DEFAULT_MODEL_PROVIDER: variable.GLOBAL_DEFAULT_MODEL_PROVIDER,
        GLOBAL_DEFAULT_MODEL_NAME: variable.GLOBAL_DEFAULT_MODEL_NAME,
        SMALL_FAST_MODEL_PROVIDER: variable.SMALL_FAST_MODEL_PROVIDER,
        SMALL_FAST_MODEL_NAME: variable.SMALL_FAST_MODEL_NAME,
        LAMB_FRONTEND_BASE_URL: variable.LAMB_FRONTEND_BASE_URL,
        LAMB_FRONTEND_LAMB_SERVER: variable.LAMB_FRONTEND_LAMB_SERVER,
        LAMB_FRONTEND_OPENWEBUI_SERVER: variable.LAMB_FRONTEND_OPENWEBUI_SERVER,
        LAMB_ENABLE_OPENWEBUI: variable.LAMB_ENABLE_OPENWEBUI,
        LAMB_ENABLE_DEBUG: variable.LAMB_ENABLE_DEBUG,
        LAMB_LIBRARY_SERVER_ENABLE: "DISABLE",
        LAMB_WORKERS: variable.LAMB_WORKERS,
        GLOBAL_LOG_LEVEL: variable.GLOBAL_LOG_LEVEL,
        UVICORN_ACCESS_LOG,
        DEV_MODE: variable.DEV_MODE,
      },
      expose: [String(LambService.port)],
      extra_hosts: HOST_GATEWAY,
      healthcheck: Healthcheck.python(lambProbe(this.release.writesOpenWebUi !== undefined)),
      ports: [Port.loopback(LambService.port, { published: variable.LAMB_PORT })],
      volumes: [this.data.at("/data/lamb"), this.uploads.at("/app/backend/static/public")],
      mem_limit: variable.LAMB_MEMORY_LIMIT,
    });
  }

  /** Keeps LAMB's people and assistants in Open WebUI: through its address, and through its database. */
  useOpenWebUi(openwebui: OpenWebUi): this {
    const reason = this.release.writesOpenWebUi;
    return this.setEnvironment("OWI_BASE_URL", openwebui.address)
      .setEnvironment("OWI_PUBLIC_BASE_URL", variable.OWI_PUBLIC_BASE_URL)
      .setEnvironment("OWI_PATH", OPEN_WEBUI_DATA)
      .setEnvironment("OWI_ADMIN_NAME", variable.OWI_ADMIN_NAME)
      .setEnvironment("OWI_ADMIN_EMAIL", variable.OWI_ADMIN_EMAIL)
      .setEnvironment("OWI_ADMIN_PASSWORD", variable.OWI_ADMIN_PASSWORD)
      .add("volumes", openwebui.data.at(OPEN_WEBUI_DATA, reason === undefined ? { readOnly: true } : { reason }))
      .dependsOn(openwebui);
  }

  /** Asks a knowledge base. */
  useKb(kb: KbService): this {
    return this.setEnvironment("LAMB_KB_SERVER", kb.address)
      .setEnvironment("LAMB_KB_SERVER_TOKEN", variable.LAMB_KB_SERVER_TOKEN)
      .dependsOn(kb);
  }
}
