import type { Cursor, Mark } from "./cursor";
import { scanError } from "./error";
import { KEY_LENGTH } from "./token";

/** A token that becomes a key when a `:` follows on the same line. */
export interface SimpleKey extends Mark {
  readonly token: number;
  readonly required: boolean;
}

/** The tokens that can become keys: one for each pair of brackets that is open, and one outside of them. */
export class SimpleKeys {
  private readonly keys: (SimpleKey | undefined)[] = [undefined];

  constructor(
    private readonly cursor: Cursor,
    /** Whether a key stays possible until its line ends, however long it is. */
    private readonly keepsOpen: boolean,
  ) {}

  get inFlow(): boolean {
    return this.keys.length > 1;
  }

  /** @returns how many levels there are now */
  openBracket(): number {
    return this.keys.push(undefined);
  }

  closeBracket(): void {
    if (this.inFlow) this.keys.pop();
  }

  /** Whether a token may become a key. */
  mayBecome(token: number): boolean {
    for (let level = 0; level < this.keys.length; level++) {
      const key = this.keys[level];
      if (key === undefined) continue;
      if (this.keepsOpen) return key.token === token;
      if (key.token === token) return this.stillPossible(key, level);
    }
    return false;
  }

  /** Notes that the next token can become a key. */
  save(token: number, required: boolean): void {
    this.remove();
    const { pos: index, line, column } = this.cursor;
    this.keys[this.keys.length - 1] = { token, index, line, column, required };
  }

  /** The token that a `:` at the cursor makes a key, which is then none any more. */
  take(): SimpleKey | undefined {
    const level = this.keys.length - 1;
    const key = this.keys[level];
    if (key === undefined || !this.stillPossible(key, level)) return undefined;
    this.keys[level] = undefined;
    return key;
  }

  remove(): void {
    const level = this.keys.length - 1;
    this.drop(this.keys[level], level);
  }

  private stillPossible(key: SimpleKey, level: number): boolean {
    if (this.keepsOpen) return key.line === this.cursor.line;
    if (key.line === this.cursor.line && key.index + KEY_LENGTH >= this.cursor.pos) return true;
    this.drop(key, level);
    return false;
  }

  private drop(key: SimpleKey | undefined, level: number): void {
    if (key?.required === true) {
      throw scanError("could not find expected ':'", this.cursor.mark(), "while scanning a simple key", key);
    }
    this.keys[level] = undefined;
  }
}
