import { reset } from "../construct/annotated";
import { brand } from "../construct/brand";
import { EnvLimit } from "../construct/env-limit";
import type { EnvVar } from "../construct/env-var";
import { ConstructError } from "../construct/errors";
import { escapeDollar } from "../construct/escape-dollar";
import type { Image } from "../construct/image/image";
import { madeBy } from "../construct/made-by";
import { OutsideCheck } from "../construct/outside-check";
import { Overlay, type OverlayProps } from "../construct/overlay";
import { Port } from "../construct/port";
import { Relation } from "../construct/relation";
import { Service, type ServiceProps } from "../construct/service";
import { SettingsFolder } from "../construct/settings-folder";
import { checkPorts } from "./caddy/check";
import type { CaddyPorts, LambCaddyfileOptions } from "./caddy/options";
import { renderLambCaddyfile } from "./caddy/routes";
import { type AcmeTls, type CaddyTls, type InternalTls, LETS_ENCRYPT, type ProxiedTls } from "./caddy/tls";
import { placeholder } from "./caddy/token";
import { unknownPlaceholders } from "./caddy-placeholders";
import { LARGEST_ARCHIVE, LARGEST_BODY, MIB } from "./facts/sizes";
import { propsOf, volumeOf } from "./from-facts";
import { SERVE_RENEWED } from "./generated/programs";
import type { LambStack } from "./lamb-stack";
import { outsideChecks } from "./outside-checks";
import { inTlsFolder, inTlsMount, OWN_CERTIFICATE, TLS_VOLUME } from "./own-certificate";
import { IN_PRODUCTION } from "./running";
import {
  ACME_ROOT_FILE,
  CADDY_EMAIL,
  LAMB_PUBLIC_HOST,
  LIBRARY_MANAGER_MAX_UPLOAD_BYTES,
  LIBRARY_MANAGER_MAX_ZIP_BYTES,
  OWI_PUBLIC_HOST,
  TLS_FOLDER,
} from "./variables";

const [mark, isCaddyOverlay] = brand<CaddyOverlay>("CaddyOverlay");

/** Where Caddy's container has its Caddyfile. */
const SETTINGS = "/etc/caddy";

/** Certificates that the operator brings: two files in a folder of the host, named by variables. */
export interface OwnCertificate {
  readonly kind: "certificate";
}

/** Certificates by ACME: from Let's Encrypt, or from a university's own authority. */
export interface AcmeCertificates extends Omit<AcmeTls, "email" | "root"> {
  /** @default - the variable `CADDY_EMAIL` */
  readonly email?: string | undefined;
  /**
   * The authority's own HTTPS certificate has a root that is not a public one: `ACME_ROOT_FILE` names it in `TLS_FOLDER`.
   * @default false
   */
  readonly ownRoot?: boolean | undefined;
}

/** How the public face gets its certificates, and what it lets through. */
export interface CaddyOverlayProps extends Omit<OverlayProps, "over"> {
  /**
   * Where TLS ends, and with whose certificates.
   * @default - certificates from Let's Encrypt, with `CADDY_EMAIL` as the contact
   */
  readonly tls?: AcmeCertificates | InternalTls | ProxiedTls | OwnCertificate | undefined;
  /**
   * Ports on the host. An authority that speaks ACME comes to 80 and 443 all the same: something must lead it here.
   * @default 80 and 443
   */
  readonly ports?: CaddyPorts | undefined;
  /**
   * Port of LAMB's host name for Open WebUI, where there is only one name.
   * @default - Open WebUI has a host name of its own
   */
  readonly openWebUiPort?: number | undefined;
  /**
   * What the two sites allow: MCP, sizes, timeouts, frames.
   * @default - see each option
   */
  readonly site?: Omit<LambCaddyfileOptions, "lambHost" | "openWebUiHost" | "upstreams" | "tls" | "ports"> | undefined;
  /**
   * Image of Caddy, pinned, with `wget` and a shell in it.
   * @default - the one that is known to work with the release
   */
  readonly image?: Image | undefined;
}

/**
 * The public face: Caddy on ports 80 and 443, nothing else published, every public address made from the two host
 * names.
 *
 * @example
 * ```ts
 * new CaddyOverlay(stack, "prod");
 * new CaddyOverlay(stack, "closed", { tls: { kind: "internal" } });
 * ```
 */
export class CaddyOverlay extends Overlay {
  static isCaddyOverlay = isCaddyOverlay;

  readonly caddy: Service;
  /** The largest request that it lets through, in bytes. */
  readonly maxBodyBytes: number;

  constructor(stack: LambStack, id: string, props: CaddyOverlayProps = {}) {
    const { tls, image, site, ports, openWebUiPort, ...file } = props;
    super(stack, id, {
      description: "The public face of LAMB: Caddy with TLS, and nothing else published.",
      ...file,
      over: stack,
    });
    mark(this);
    if (tls?.kind === "proxied") refuseOverProxy(ports, openWebUiPort);
    const published = publicPorts(tls, ports, openWebUiPort);
    const scheme = tls?.kind === "proxied" ? (tls.publicScheme ?? "https") : "https";
    const port = tls?.kind === "proxied" || ports?.https === undefined ? "" : `:${ports.https}`;
    const chat = openWebUiPort === undefined ? OWI_PUBLIC_HOST : LAMB_PUBLIC_HOST;
    const chatPort = openWebUiPort === undefined ? port : `:${openWebUiPort}`;
    const lambAddress = `${scheme}://${LAMB_PUBLIC_HOST}${port}`;
    const openWebUiAddress = `${scheme}://${chat}${chatPort}`;
    const largest = site?.maxBodyBytes ?? LARGEST_BODY;
    const content = renderLambCaddyfile({
      lambHost: `${placeholder(LAMB_PUBLIC_HOST)}${port}`,
      openWebUiHost: `${placeholder(chat)}${chatPort}`,
      tls: caddyTls(tls),
      ports,
      upstreams: {
        lamb: `${stack.lamb.name}:${stack.lamb.port}`,
        kb: `${stack.kb.name}:${stack.kb.port}`,
        openWebUi: `${stack.openwebui.name}:${stack.openwebui.port}`,
      },
      ...site,
      maxBodyBytes: largest,
    });
    this.maxBodyBytes = largest;
    const caddyfile = `Caddyfile.${stack.name}`;
    const settings = new SettingsFolder(this, "settings", {
      folder: "caddy",
      files: { [caddyfile]: `# ${madeBy(this)}\n${content}` },
    });
    const read = ["--config", `${SETTINGS}/${caddyfile}`, "--adapter", "caddyfile"];
    const files = tlsFiles(tls);
    const facts = stack.release.service("caddy");
    const { data, config } = facts.folders;
    this.caddy = new Service(this, facts.name, {
      healthcheck: propsOf(facts).healthcheck,
      cap_add: ["NET_BIND_SERVICE"],
      read_only: true,
      image: image ?? stack.release.image("caddy"),
      environment: {
        LAMB_PUBLIC_HOST,
        ...(openWebUiPort === undefined ? { OWI_PUBLIC_HOST } : {}),
        ...(isAcme(tls) && tls?.email === undefined ? { CADDY_EMAIL } : {}),
        ...Object.fromEntries(files.map((variable) => [variable.name, variable])),
      },
      command:
        files.length === 0
          ? ["caddy", "run", ...read]
          : ["sh", "-c", escapeDollar(SERVE_RENEWED), "caddy", `${SETTINGS}/${caddyfile}`, ...files.map(inTlsMount)],
      labels: settings.labels,
      ports: published,
      volumes: [
        settings.at(SETTINGS),
        volumeOf(this, data).at(data.path),
        volumeOf(this, config).at(config.path),
        ...(files.length === 0 ? [] : [TLS_VOLUME]),
      ],
    });
    const asked = (path: string) => ["wget", "-qO-", `http://127.0.0.1:${facts.port}${path}`];
    settings.reloadedIn(this.caddy, {
      // A certificate can be another one under the same name.
      command: ["caddy", "reload", ...read, ...(files.length === 0 ? [] : ["--force"])],
      compare: {
        inForce: asked("/config/"),
        inFiles: ["caddy", "adapt", ...read],
      },
      upstreams: asked("/reverse_proxy/upstreams"),
    });
    if (ports !== undefined || openWebUiPort !== undefined) {
      stack.policy.suppress("loopback-ports", this.caddy, "it is the public face, on ports that were chosen for it");
    }
    this.change(stack.lamb, {
      environment: {
        LAMB_WEB_HOST: lambAddress,
        LAMB_PUBLIC_BASE_URL: lambAddress,
        LAMB_FRONTEND_BASE_URL: `${lambAddress}/creator`,
        LAMB_FRONTEND_LAMB_SERVER: lambAddress,
        LAMB_FRONTEND_OPENWEBUI_SERVER: openWebUiAddress,
        OWI_PUBLIC_BASE_URL: openWebUiAddress,
      },
    });
    this.change(stack.kb, { environment: { HOME_URL: `${lambAddress}/kb` } });
    this.change(stack.openwebui, {
      environment: {
        WEBUI_URL: openWebUiAddress,
        CORS_ALLOW_ORIGIN: openWebUiAddress,
        WEBUI_SESSION_COOKIE_SECURE: String(scheme === "https"),
      },
    });
    for (const service of [stack.lamb, stack.kb, stack.openwebui]) {
      new Relation(this, `edge-${service.name}`, this.caddy, service);
      this.caddy.dependsOn(service);
    }
    this.with(...IN_PRODUCTION);
    const ownAuthority = tls?.kind === "internal" ? true : undefined;
    const certificate = tls?.kind === "certificate" ? `${TLS_FOLDER}/${OWN_CERTIFICATE.certificate}` : undefined;
    const authority = isAcme(tls) ? (tls?.directory ?? LETS_ENCRYPT) : undefined;
    for (const [id, check] of Object.entries(outsideChecks(lambAddress, openWebUiAddress))) {
      // One authority issues the certificates of all names: the file has it once.
      const once = id === "lamb-page" ? { authority } : {};
      new OutsideCheck(this, id, { ...check, ownAuthority, certificate, ...once });
    }
    if (stack.libraryManager !== undefined) this.boundLibrary(stack.libraryManager, site?.maxBodyBytes !== undefined);
    this.addCheck((deployments) => unknownPlaceholders(deployments, content, this.caddy));
  }

  /**
   * What the proxy lets through is what the library takes: a document, and the form around it.
   *
   * @param chosen whether somebody said how much that is
   */
  private boundLibrary(library: Service, chosen: boolean): void {
    const bytes = Math.max(MIB, this.maxBodyBytes - MIB);
    if (chosen) {
      this.change(library, {
        environment: {
          MAX_UPLOAD_SIZE_BYTES: String(bytes),
          ...(bytes < LARGEST_ARCHIVE ? { MAX_ZIP_IMPORT_SIZE_BYTES: String(bytes) } : {}),
        },
      });
    }
    for (const variable of [LIBRARY_MANAGER_MAX_UPLOAD_BYTES, LIBRARY_MANAGER_MAX_ZIP_BYTES]) {
      new EnvLimit(this, { variable, most: this.maxBodyBytes, reason: "the proxy lets nothing larger through" });
    }
  }

  /** No service of the files below keeps a port on the host. */
  protected override changesTo(service: Service): ServiceProps {
    return service.has("ports") ? { ports: reset() } : {};
  }
}

/** Behind a proxy there is one port, for plain HTTP. */
function refuseOverProxy(ports: CaddyPorts = {}, openWebUiPort: number | undefined): void {
  const wrong = (path: string, reason: string, fix: string) =>
    new ConstructError({ code: "caddy-option", path, reason, fix });
  if (openWebUiPort !== undefined) {
    const reason = "behind a proxy Open WebUI is told from LAMB by its host name, not by a port";
    throw wrong("openWebUiPort", reason, "leave it out, and give Open WebUI a host name of its own");
  }
  if (ports.https !== undefined) {
    throw wrong("ports.https", "behind a proxy there is no HTTPS here", "leave it out, or end TLS here");
  }
}

function publicPorts(tls: CaddyOverlayProps["tls"], ports: CaddyPorts | undefined, openWebUi: number | undefined) {
  const { http, https } = checkPorts(ports, openWebUi);
  const secure = [https, ...(openWebUi === undefined ? [] : [openWebUi])];
  const overTls = secure.flatMap((port) => [Port.everywhere(port), Port.everywhere(port, { protocol: "udp" })]);
  return [Port.everywhere(http), ...(tls?.kind === "proxied" ? [] : overTls)];
}

/** The variables that name files of the operator's folder. */
function tlsFiles(tls: CaddyOverlayProps["tls"]): readonly EnvVar[] {
  if (tls?.kind === "certificate") return Object.values(OWN_CERTIFICATE);
  return isAcme(tls) && tls?.ownRoot === true ? [ACME_ROOT_FILE] : [];
}

function isAcme(tls: CaddyOverlayProps["tls"]): tls is AcmeCertificates | undefined {
  return tls === undefined || tls.kind === "acme";
}

function caddyTls(tls: CaddyOverlayProps["tls"]): CaddyTls {
  if (isAcme(tls)) {
    const { email = placeholder(CADDY_EMAIL), ownRoot = false, ...acme } = tls ?? { kind: "acme" };
    return { ...acme, email, root: ownRoot ? inTlsFolder(ACME_ROOT_FILE) : undefined };
  }
  if (tls.kind !== "certificate") return tls;
  const { certificate, key } = OWN_CERTIFICATE;
  return { kind: "certificate", certificate: inTlsFolder(certificate), key: inTlsFolder(key) };
}
