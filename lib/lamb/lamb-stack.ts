import type { Construct } from "constructs";
import { ComposeFile, type ComposeFileProps } from "../construct/compose-file";
import type { Image } from "../construct/image/image";
import type { Overlay } from "../construct/overlay";
import { Relation } from "../construct/relation";
import { StackRelease } from "../construct/stack-release";
import { EnvTemplate } from "../env/template";
import { Policy } from "../policy/policy";
import { expectWrittenRoot } from "./from-facts";
import { KbService } from "./kb-service";
import { LambService } from "./lamb-service";
import { LEFT_OUT } from "./left-out";
import { LibraryManager } from "./library-manager";
import { MemoryOverlay } from "./memory-overlay";
import { OpenWebUi } from "./open-webui";
import { LambRelease } from "./release";
import { lambRules, RETIRED } from "./rules";
import { IN_PRODUCTION } from "./running";
import { UploadsLayout } from "./uploads-layout";

/** Which release a {@link LambStack} is of, and what every Compose file may have. */
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
  /**
   * LAMB's library of documents.
   * @default - where the release has a library manager
   */
  readonly library?: boolean | undefined;
  /**
   * Whether the file can be published as an artifact: `docker compose publish` takes no variable in a limit of memory,
   * so that the limits stand in an overlay of their own, which stays with the operator.
   * @default false
   */
  readonly publishable?: boolean | undefined;
}

/**
 * LAMB's deployment: `lamb`, `kb` and `openwebui` with their data, and the template of the `.env`. Whatever else there
 * may be is a construct that is added to it.
 *
 * @example
 * ```ts
 * const stack = new LambStack(app, "next", { release: new LambRelease("0.6") });
 * stack.lamb.setEnvironment("TZ", "Europe/Madrid");
 * ```
 */
export class LambStack extends ComposeFile {
  readonly release: LambRelease;
  readonly lamb: LambService;
  readonly kb: KbService;
  readonly openwebui: OpenWebUi;
  /** Not before LAMB 0.7. */
  readonly libraryManager: LibraryManager | undefined;
  /** The limits of memory, where they stand in a file of their own. */
  readonly memory: Overlay | undefined;
  /** The rules that hold for the stack and every overlay over it. */
  readonly policy: Policy;
  /** The template of the `.env`. */
  readonly env: EnvTemplate;

  constructor(scope: Construct, id: string, props: LambStackProps = {}) {
    const {
      release = new LambRelease(),
      openWebUiImage,
      library = release.has("libraryManager"),
      publishable = false,
      ...file
    } = props;
    super(scope, id, {
      name: "lamb",
      description: [
        `LAMB ${release.version} for production. Prebuilt images, named volumes, nothing from a checkout.`,
        "Where an older LAMB has run, start it with `lamb-compose up`, which looks first: plain `docker compose up` replaces",
        "the old containers, and nothing keeps it from losing uploads and logs that are in them alone.",
      ].join("\n"),
      ...file,
    });
    this.release = release;
    const memoryLimit = !publishable;
    this.lamb = new LambService(this, "lamb", { release, memoryLimit });
    this.kb = new KbService(this, "kb", { release, memoryLimit });
    this.openwebui = new OpenWebUi(this, "openwebui", { release, memoryLimit, image: openWebUiImage });
    this.lamb.useKb(this.kb).useOpenWebUi(this.openwebui);
    for (const service of [this.kb, this.openwebui]) new Relation(this, `lamb-${service.name}`, this.lamb, service);
    this.openwebui.offerAssistantsOf(this.lamb);
    new StackRelease(this, "LAMB", release.inOrder);
    if (release.service("lamb").folders.uploads.subpath !== undefined) new UploadsLayout(this, this.lamb);
    this.with(...IN_PRODUCTION);
    this.policy = new Policy(this, "policy", { rules: lambRules(release.services) });
    expectWrittenRoot(this.policy, this.lamb, release.service("lamb"));
    expectWrittenRoot(this.policy, this.kb, release.service("kb"));
    this.env = new EnvTemplate(this, "env", { fileName: `.env.${id}.example`, retired: RETIRED, leftOut: LEFT_OUT });
    this.libraryManager = library ? new LibraryManager(this) : undefined;
    this.memory = publishable ? new MemoryOverlay(this) : undefined;
  }
}
