import type { Construct } from "constructs";
import { ComposeFile, type ComposeFileProps } from "../construct/compose-file";
import { EnvTemplate } from "../construct/env-template";
import type { Image } from "../construct/image";
import { Relation } from "../construct/relation";
import type { Service } from "../construct/service";
import { Policy } from "../policy/policy";
import { KbService } from "./kb-service";
import { LambService } from "./lamb-service";
import { OpenWebUi } from "./open-webui";
import { LambRelease } from "./release";
import { RETIRED } from "./retired";
import { LAMB_RULES } from "./rules";
import { IN_PRODUCTION } from "./running";

export interface LambStackProps extends ComposeFileProps {
  /**
   * The release of LAMB.
   * @default - the newest that is out
   */
  readonly release?: LambRelease | undefined;
  /**
   * Another image of Open WebUI than the one released together with LAMB.
   * @default - the release's
   */
  readonly openWebUiImage?: Image | undefined;
}

/**
 * LAMB's deployment: `lamb`, `kb` and `openwebui` with their data, and the template of the `.env`. Whatever else there
 * may be is a construct that is added to it.
 *
 * @see plan P3, P4
 */
export class LambStack extends ComposeFile {
  readonly release: LambRelease;
  readonly lamb: LambService;
  readonly kb: KbService;
  readonly openwebui: OpenWebUi;
  /** The rules that hold for the stack and every overlay over it. */
  readonly policy: Policy;
  /** The template of the `.env`. */
  readonly env: EnvTemplate;

  constructor(scope: Construct, id: string, props: LambStackProps = {}) {
    const { release = new LambRelease(), openWebUiImage, ...file } = props;
    super(scope, id, {
      name: "lamb",
      description: `LAMB ${release.version} for production. Prebuilt images, named volumes, nothing from a checkout.`,
      ...file,
    });
    this.release = release;
    this.lamb = new LambService(this, "lamb", { release });
    this.kb = new KbService(this, "kb", { release });
    this.openwebui = new OpenWebUi(this, "openwebui", { release, image: openWebUiImage });
    this.lamb.useKb(this.kb).useOpenWebUi(this.openwebui);
    for (const service of [this.kb, this.openwebui]) new Relation(this, `lamb-${service.name}`, this.lamb, service);
    this.openwebui.offerAssistantsOf(this.lamb, LambService.port);
    this.with(...IN_PRODUCTION);
    this.policy = new Policy(this, "policy", { rules: LAMB_RULES });
    for (const [service, reason] of this.writesOutsideVolumes())
      this.policy.suppress("read-only-root", service, reason);
    this.env = new EnvTemplate(this, "env", { fileName: `.env.${id}.example`, retired: RETIRED });
  }

  /** What keeps a service from running on a root that cannot be written. */
  private writesOutsideVolumes(): readonly (readonly [Service, string])[] {
    return [
      [
        this.lamb,
        "LAMB writes the frontend's config.js into its image's folder at each start, and keeps a cache below /app/backend/static",
      ],
      [this.kb, "which paths the knowledge base's libraries write beside its volumes has not been tried"],
      [this.openwebui, "Open WebUI copies its static files within its image's folder at each start"],
    ];
  }
}
