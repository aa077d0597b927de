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
 * An error whose message says the words of others exactly as they are, such as Compose's. Where nobody catches it,
 * Node.js prints its stack, which begins with the message: there they are cleaned.
 */
export abstract class QuotingError extends Error {
  constructor(message: string) {
    super(message);
    if (this.stack !== undefined) this.stack = visible(this.stack);
  }
}

/** Whether an error of this package says all there is to say in its message, so that nobody needs its stack. */
export function saysItAll(error: unknown): error is Error {
  return error instanceof ConstructError || error instanceof QuotingError;
}

/**
 * Node.js prints what an error that nobody catches has beside its message, as it is: with characters that turn the
 * direction of what follows, or that nobody sees. The message has all of it, cleaned. Who asks for it by name gets it.
 */
export function hideFromNode(error: Error, key: string): void {
  if (Object.hasOwn(error, key)) Object.defineProperty(error, key, { enumerable: false });
}
