/** How a secret that a deployment makes for itself is written. All are 256 random bits. */
export type SecretForm = "hex" | "fernet";

interface Form {
  /** A command that prints one. */
  readonly command: string;
  readonly text: (bytes: Uint8Array) => string;
}

/** Bytes of a secret. */
export const SECRET_BYTES = 32;

/**
 * - `hex`: 64 hexadecimal digits: nothing in them means anything to Compose, a shell or a URL
 * - `fernet`: a key of Python's `cryptography.fernet`: base64 with `-` and `_`, and a `=` at its end
 */
export const SECRET_FORMS: Readonly<Record<SecretForm, Form>> = {
  hex: {
    command: "openssl rand -hex 32",
    text: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  },
  fernet: {
    command: "openssl rand -base64 32 | tr +/ -_",
    text: (bytes) =>
      btoa(String.fromCharCode(...bytes))
        .replaceAll("+", "-")
        .replaceAll("/", "_"),
  },
};
