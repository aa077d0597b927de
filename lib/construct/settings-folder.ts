import type { Construct } from "constructs";
import { Artifact } from "./artifact";
import { BIND, type Binding } from "./binding";
import { ComposeConstruct } from "./compose-construct";

/** Which files the folder holds, and where it is mounted. */
export interface SettingsFolderProps {
  /** The folder below the output directory, such as `caddy`. Nothing else may lie in it. */
  readonly folder: string;
  /** Its files: name → text. */
  readonly files: Readonly<Record<string, string>>;
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
 * new Service(file, "proxy", { labels: settings.labels, volumes: [settings.at("/etc/proxy")] });
 * ```
 */
export class SettingsFolder extends ComposeConstruct {
  /** What changes with the texts. */
  readonly labels: Readonly<Record<string, string>>;
  private readonly folder: string;

  constructor(scope: Construct, id: string, props: SettingsFolderProps) {
    super(scope, id);
    this.folder = props.folder;
    const files = Object.entries(props.files);
    for (const [name, content] of files) new Artifact(this, name, { fileName: `${props.folder}/${name}`, content });
    this.labels = { [`lamb-compose.${props.folder}`]: hashOf(JSON.stringify(files)) };
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
