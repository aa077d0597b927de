import { describe, expect, it } from "vitest";
import { isSecretName } from "../../lib/env/secret-name";

describe("the name of a secret", () => {
  it.each([
    ..."DB_PASSWORD DB_PASSWORDS PGPASSWORD MYSQL_PWD_PASSWD SMTP_PASS KEY_PASSPHRASE".split(" "),
    ..."API_KEY API_KEYS MY_APIKEY OPENAI_APIKEYS AWS_SECRET_ACCESS_KEY SESSION_KEY JWT_KEY SIGNUP_SECRET_KEY".split(
      " ",
    ),
    ..."FERNET_KEY ENCRYPTION_KEY MASTER_KEY COOKIE_KEY TLS_KEY TOKEN TOKENS SLACK_TOKEN SESSION_SECRET".split(" "),
    ..."SECRETS SALT PASSWORD_SALT PEPPER GOOGLE_CREDENTIALS db_password".split(" "),
  ])("is %s", (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    ..."DB_PASSWORD_FILE TLS_KEY_FILE KEYBOARD MONKEY TOKEN_COUNT MAX_TOKENS LIMIT_OUTPUT_TOKENS".split(" "),
    ..."CONSUMER_KEY PUBLIC_KEY COMPASS BASALT BYPASS PRIMARY_KEY SECRET_NAME".split(" "),
  ])("is not %s", (name) => expect(isSecretName(name)).toBe(false));
});
