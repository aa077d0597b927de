/**
 * Secrets that are printed in LAMB's repository or documentation, or that everybody tries first. An `.env` with one of
 * them is refused.
 */
export const PUBLIC_SECRETS: readonly string[] = [
  "t0p-s3cr3t",
  "0p3n-w3bu!",
  "lamb-lti-secret-key-2024",
  "pepino-secret-key",
  "admin",
  "change-me",
  "CHANGE_ME_strong_random_secret",
  "CHANGE_ME_strong_admin_password",
  "lamb-kg-rag-password",
  "postgres",
  "CHANGEME",
];
