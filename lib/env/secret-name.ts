const WORDS = "SECRETS?|TOKENS?|PASSWORDS?|PASSWDS?|PASSPHRASES?|CREDENTIALS?|API_?KEYS?";
/** Words that say that the key behind them is a secret one. `CONSUMER_KEY` is a name, `PUBLIC_KEY` is for everybody. */
const KEYS =
  "(SECRET|ACCESS|PRIVATE|SIGNING|ENCRYPTION|SESSION|COOKIE|AUTH|JWT|MASTER|FERNET|HMAC|AES|SSH|TLS|SSL|LICEN[CS]E)_?KEYS?";
const SHORT = "PASS|SALTS?|PEPPERS?";
const SECRET = new RegExp(`((?:${WORDS})|(?<![A-Z])(?:${KEYS}|${SHORT}))$`, "i");
/** `MAX_TOKENS` counts something. */
const COUNTED = /_TOKENS?$/i;
const COUNTS = /(?:^|_)(?:MAX|MIN|NUM|COUNT|LIMIT|TOTAL)_/i;

/**
 * Whether a variable of this name holds a secret: of a service or of an `.env`, in every rule and every command. A
 * `…_FILE` holds the path of one, which is none.
 */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !(COUNTED.test(name) && COUNTS.test(name));
}
