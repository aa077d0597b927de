import { join } from "node:path";
import { run } from "../../support/tools";

/** Makes `cert.pem` and `key.pem` for some names, signed by themselves. */
export function makeCertificate(directory: string, names: readonly string[]): { certificate: string; key: string } {
  const certificate = join(directory, "cert.pem");
  const key = join(directory, "key.pem");
  const subject = [
    "-subj",
    `/CN=${names[0]}`,
    "-addext",
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`,
  ];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const { status, stderr } = run("openssl", [
    "req",
    "-x509",
    ...curve,
    ...subject,
    "-keyout",
    key,
    "-out",
    certificate,
  ]);
  if (status !== 0) throw new Error(stderr);
  return { certificate, key };
}
