const WORDS = "SECRETS?|TOKENS?|PASSWORDS?|PASSWD|PASSPHRASE|CREDENTIALS?|API_?KEYS?";
const KEYS = "(SECRET|ACCESS|PRIVATE|SIGNING|ENCRYPTION|SESSION|AUTH|JWT)_?KEYS?";
const SECRET = new RegExp(`((?:${WORDS})|(?<![A-Z])(?:${KEYS}|PASS))$`, "i");
/** `MAX_TOKENS` counts something. */
const COUNTS = /(^|_)(MAX|MIN|NUM|COUNT|LIMIT|TOTAL)_(\w+_)?TOKENS?$/i;

/** Whether a service's variable of this name holds a secret. A `…_FILE` holds the path of one, which is none. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !COUNTS.test(name);
}
