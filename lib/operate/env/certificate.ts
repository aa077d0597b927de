import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { EnvProblem } from "../../env/problem";

/** What is wrong with a certificate or its key: a clause about the file. */
export interface CertificateMistake extends Pick<EnvProblem, "code" | "severity" | "reason" | "fix"> {
  /** Which of the two files is to blame. */
  readonly file: "certificate" | "key";
}

/** Enough to have a certificate renewed by people. */
const SOON_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
const BEGIN = "-----BEGIN ";
const CERTIFICATE = "CERTIFICATE";

const MARK = "\ufeff";
const MARKED = "begins with a byte order mark, so that Caddy does not find its first PEM block";
/** What every DER file of a certificate or key begins with. */
const DER_SEQUENCE = 0x30;
const IS_DER = "is in the binary form DER, not in PEM";
const NAME_PEM = "name a PEM file, in UTF-8 without a byte order mark";
const SWAP = "swap the names of the two files";
const SORT = "put the server's own certificate first, then each one's issuer";

type Chain = readonly [X509Certificate, ...X509Certificate[]];

/**
 * What is wrong with a certificate, its chain and its key: in the form that Caddy reads, for each other, for the names
 * of the sites, and today. Nothing of the key is in any text.
 *
 * @param names host names that it must cover
 */
export function certificateMistakes(
  certificate: Uint8Array,
  key: Uint8Array,
  names: readonly string[],
  now: Date,
): readonly CertificateMistake[] {
  const chain = chainIn(certificate);
  const own = keyIn(key);
  const mistakes = [chain, own].filter((one) => "code" in one);
  if ("code" in chain) return mistakes;
  return [...mistakes, ...("code" in own ? [] : pairMistakes(chain, own)), ...chainMistakes(chain, names, now)];
}

/** The certificates of a file, the server's own first, or why there are none. */
function chainIn(bytes: Uint8Array): Chain | CertificateMistake {
  const notPem = (reason: string, fix: string) => mistake("not-pem", "error", reason, fix);
  const text = textOf(bytes);
  if (text.startsWith(MARK)) return notPem(MARKED, NAME_PEM);
  const blocks = blocksIn(text);
  try {
    const [leaf, ...rest] = blocks
      .filter(({ label }) => label === CERTIFICATE)
      .map(({ pem }) => new X509Certificate(pem));
    if (leaf !== undefined) return [leaf, ...rest];
  } catch {
    const reason = "has something in its PEM blocks that is not a certificate";
    return notPem(reason, "use the file with the certificate and its chain as the authority issued it");
  }
  if (bytes[0] === DER_SEQUENCE) {
    return notPem(IS_DER, "convert it: openssl x509 -inform der -in FILE -out FILE.pem");
  }
  if (blocks.some(({ label }) => isKey(label))) return notPem("holds a private key and no certificate", SWAP);
  return notPem(`has no certificate in PEM: no line begins with ${BEGIN}${CERTIFICATE}-----`, NAME_PEM);
}

function keyIn(bytes: Uint8Array): KeyObject | CertificateMistake {
  const notPem = (reason: string, fix: string) => mistake("not-pem", "error", reason, fix, "key");
  const text = textOf(bytes);
  if (text.startsWith(MARK)) return notPem(MARKED, NAME_PEM);
  const blocks = blocksIn(text);
  const pem = blocks.find(({ label }) => isKey(label))?.pem;
  if (pem === undefined) {
    if (bytes[0] === DER_SEQUENCE) {
      return notPem(IS_DER, "convert it: openssl pkey -inform der -in FILE -out FILE.pem");
    }
    return blocks.some(({ label }) => label === CERTIFICATE)
      ? notPem("holds a certificate and no private key", SWAP)
      : notPem(`has no private key in PEM: no line begins with ${BEGIN}PRIVATE KEY-----`, NAME_PEM);
  }
  if (/ENCRYPTED/.test(pem)) {
    const fix =
      "take the passphrase off: openssl pkey -in FILE -out FILE.plain; protect the file by its owner and mode";
    return notPem("is encrypted with a passphrase, which nobody can enter when Caddy starts", fix);
  }
  try {
    return createPrivateKey(pem);
  } catch {
    return notPem("has a private key in PEM that cannot be read", "use the key file as the authority issued it");
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

interface PemBlock {
  /** Such as `CERTIFICATE`. */
  readonly label: string;
  readonly pem: string;
}

/** The PEM blocks of a text. As for Go, a block begins where a line does. */
function blocksIn(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; lines: string[] } | undefined;
  for (const line of text.split("\n").map((one) => one.trimEnd())) {
    if (line.startsWith(BEGIN) && line.endsWith("-----")) open = { label: line.slice(BEGIN.length, -5), lines: [] };
    open?.lines.push(line);
    if (open !== undefined && line === `-----END ${open.label}-----`) {
      blocks.push({ label: open.label, pem: `${open.lines.join("\n")}\n` });
      open = undefined;
    }
  }
  return blocks;
}

function isKey(label: string): boolean {
  return label === "PRIVATE KEY" || label.endsWith(" PRIVATE KEY");
}

function* pairMistakes([leaf, ...rest]: Chain, key: KeyObject) {
  if (leaf.checkPrivateKey(key)) return;
  if (rest.some((certificate) => certificate.checkPrivateKey(key))) {
    yield mistake("chain-order", "error", "begins with a certificate of the authority", SORT);
  } else {
    const fix = "name the certificate and the key that were made for each other";
    yield mistake("key-differs", "error", "holds a certificate that does not belong to the private key", fix);
  }
}

function* chainMistakes(chain: Chain, names: readonly string[], now: Date) {
  const [leaf] = chain;
  const uncovered = names.filter((name) => leaf.checkHost(name, { subject: "never" }) === undefined);
  if (uncovered.length > 0) {
    const covered = leaf.subjectAltName?.replaceAll("DNS:", "") ?? "no name at all";
    const reason = `holds a certificate that does not cover ${uncovered.join(" and ")}: it is for ${covered}`;
    yield mistake("name-not-covered", "error", reason, "get one that covers all names, or a wildcard certificate");
  }
  const wrong = chain.slice(0, -1).findIndex((certificate, at) => !isIssuedBy(certificate, chain[at + 1]));
  if (wrong >= 0 && leaf.issuer !== leaf.subject) {
    const reason = `has a chain out of order: certificate ${wrong + 2} is not the issuer of certificate ${wrong + 1}`;
    yield mistake("chain-order", "warning", reason, SORT);
  }
  for (const [at, { validFrom, validTo }] of chain.entries()) {
    const which = `holds a certificate that${at === 0 ? "" : `, as number ${at + 1} of the chain,`}`;
    const [from, to] = [new Date(validFrom), new Date(validTo)];
    const days = Math.floor((to.getTime() - now.getTime()) / DAY_MS);
    const date = (time: Date) => time.toISOString().slice(0, 10);
    const fix = "renew it, and run `lamb-compose up`, which has it read again";
    if (to < now) yield mistake("certificate-expired", "error", `${which} expired on ${date(to)}`, fix);
    else if (days < SOON_DAYS) {
      yield mistake("certificate-expires-soon", "warning", `${which} expires on ${date(to)}, in ${days} day(s)`, fix);
    }
    if (from > now) {
      const until = "wait until then, name another one, or correct this host's clock";
      yield mistake("certificate-not-yet-valid", "error", `${which} is valid only from ${date(from)} on`, until);
    }
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate | undefined): boolean {
  return issuer !== undefined && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function mistake(
  code: CertificateMistake["code"],
  severity: CertificateMistake["severity"],
  reason: string,
  fix: string,
  file: CertificateMistake["file"] = "certificate",
): CertificateMistake {
  return { file, code, severity, reason, fix };
}
