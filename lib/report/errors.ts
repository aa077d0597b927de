import { visible, visibleLine } from "./visible";

/** What a {@link ConstructError} says beside its message. */
export interface ConstructErrorDetails {
  /** Stable name of the kind of error, such as `duplicate-id`. */
  readonly code: string;
  /** Path of the construct, such as `next/lamb`. */
  readonly construct?: string;
  /** Where in a document, such as `services.lamb.ports[0]`. */
  readonly path?: string;
  /** The value, unless it could be a secret. */
  readonly value?: string;
  /** What is wrong, one sentence. */
  readonly reason: string;
  /** What to do, one sentence. */
  readonly fix: string;
}

/** A mistake that one construct or one function can see by itself. Thrown at once. */
export class ConstructError extends Error implements ConstructErrorDetails {
  override readonly name: string = "ConstructError";
  readonly code: string;
  readonly construct?: string;
  readonly path?: string;
  readonly value?: string;
  readonly reason: string;
  readonly fix: string;

  constructor(details: ConstructErrorDetails) {
    const where = visibleLine([details.construct, details.path].filter(Boolean).join(" · "));
    const value = details.value === undefined ? "" : ` (got ${visibleLine(details.value)})`;
    const text = `${details.code}${where === "" ? "" : ` at ${where}`}: ${details.reason}${value}\n  fix: ${details.fix}`;
    // Where nobody catches it, Node.js shows it as it is.
    super(visible(text));
    this.code = details.code;
    if (details.construct !== undefined) this.construct = details.construct;
    if (details.path !== undefined) this.path = details.path;
    if (details.value !== undefined) this.value = details.value;
    this.reason = details.reason;
    this.fix = details.fix;
    for (const key of ["construct", "path", "value", "reason", "fix"]) hideFromNode(this, key);
  }
}

/**
 * Node.js prints what an error that nobody catches has beside its message, as it is: with characters that turn the
 * direction of what follows, or that nobody sees. The message has all of it, cleaned. Who asks for it by name gets it.
 */
export function hideFromNode(error: Error, key: string): void {
  if (Object.hasOwn(error, key)) Object.defineProperty(error, key, { enumerable: false });
}
