import type { Construct } from "constructs";
import { Artifact } from "./artifact";
import { BIND, type Binding } from "./binding";
import { commandLine } from "./command-line";
import { ComposeConstruct } from "./compose-construct";
import { FACT, type Fact } from "./facts";
import type { Service } from "./service";

/** Which files the folder holds, and where it is mounted. */
export interface SettingsFolderProps {
  /** The folder below the output directory, such as `caddy`. Nothing else may lie in it. */
  readonly folder: string;
  /** Its files: name → text. */
  readonly files: Readonly<Record<string, string>>;
}

/** How a service takes other settings without being made anew. Words of commands, which run in its container. */
export interface ReloadProps {
  /** Has it read its settings again, and fails when they are wrong. It may be run when nothing changed. */
  readonly command: readonly string[];
  /**
   * Commands that print, as JSON, the settings that are in force and those that the files say: `doctor` compares them.
   * @default - nobody can tell
   */
  readonly compare?: { readonly inForce: readonly string[]; readonly inFiles: readonly string[] } | undefined;
  /**
   * Command that prints to whom it passes requests on, as Caddy's `/reverse_proxy/upstreams` does: `status` shows it.
   * @default - nobody can tell
   */
  readonly upstreams?: readonly string[] | undefined;
}

/**
 * Generated files that a service reads as a folder, such as a proxy's configuration.
 *
 * A single file in a container, mounted or as a config or secret, stays the old one when the file on the host is replaced,
 * whatever the service is told. In a mounted folder it is seen, and a reload is enough; the label has plain
 * `docker compose up -d` make the container anew when a text has changed.
 *
 * ```ts
 * const settings = new SettingsFolder(file, "settings", { folder: "proxy", files: { "proxy.conf": "listen 80;\n" } });
 * const proxy = new Service(file, "proxy", { labels: settings.labels, volumes: [settings.at("/etc/proxy")] });
 * settings.reloadedIn(proxy, { command: ["proxy", "-s", "reload"] });
 * ```
 */
export class SettingsFolder extends ComposeConstruct {
  /** What changes with the texts. */
  readonly labels: Readonly<Record<string, string>>;
  private readonly folder: string;
  private readonly label: string;
  private reload: Fact | undefined;

  constructor(scope: Construct, id: string, props: SettingsFolderProps) {
    super(scope, id);
    this.folder = props.folder;
    const files = Object.entries(props.files);
    for (const [name, content] of files) new Artifact(this, name, { fileName: `${props.folder}/${name}`, content });
    this.label = `lamb-compose.${props.folder}`;
    this.labels = { [this.label]: hashOf(JSON.stringify(files)) };
  }

  /**
   * Says how a service takes what changed in the folder while it runs: `lamb-compose up` and `upgrade` then leave its
   * container alone, and nobody is turned away. It must have the folder's {@link labels}.
   *
   * @throws ConstructError `command-words` for a word that is empty or has white space in it
   */
  reloadedIn(service: Service, props: ReloadProps): this {
    const line = (words: readonly string[] | undefined) => words && commandLine(words, this.node.path);
    const { command, compare, upstreams } = props;
    const value = {
      label: this.label,
      command: line(command),
      inForce: line(compare?.inForce),
      inFiles: line(compare?.inFiles),
      upstreams: line(upstreams),
    };
    this.reload = { section: "reloads", key: service.name, value };
    return this;
  }

  /** The folder at a path of a container, which may read it: an entry of a service's `volumes`. */
  at(target: string): Binding {
    return {
      [BIND]: () => ({
        type: "bind",
        source: `./${this.folder}`,
        target,
        read_only: true,
        // Without the folder the service must not start with an empty one; with SELinux it must be let in.
        bind: { create_host_path: false, selinux: "z" },
      }),
    };
  }

  /** What the commands know of it. @internal */
  [FACT](): Fact | undefined {
    return this.reload;
  }
}

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;

/** FNV-1a of 64 bits: tells texts of one program apart, in every runtime at once. It keeps nothing secret. */
function hashOf(text: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  return hash.toString(16).padStart(16, "0");
}
