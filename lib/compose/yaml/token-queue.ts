import type { Token } from "./token";

/** Tokens that were read and not yet given. Each has a number, by which another one can be put before it. */
export class TokenQueue {
  private tokens: Token[] = [];
  private head = 0;
  /** Number of the first token. */
  firstNumber = 0;

  get length(): number {
    return this.tokens.length - this.head;
  }

  get first(): Token | undefined {
    return this.tokens[this.head];
  }

  /** The token that was read last, whether it was given or not. */
  get last(): Token | undefined {
    return this.tokens.at(-1);
  }

  /** Number of the token that comes next into the queue. */
  get nextNumber(): number {
    return this.firstNumber + this.length;
  }

  push(token: Token): void {
    this.tokens.push(token);
  }

  /** Puts a token before the one with a number. */
  insert(token: Token, before: number): void {
    this.tokens.splice(this.head + before - this.firstNumber, 0, token);
  }

  /** Takes the first one out. */
  shift(): void {
    this.head++;
    this.firstNumber++;
    if (this.head <= 1024) return;
    this.tokens = this.tokens.slice(this.head);
    this.head = 0;
  }
}
