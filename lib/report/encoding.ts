/** Why bytes are no text in UTF-8: a clause about the file, and what to do. */
export interface EncodingProblem {
  readonly reason: string;
  readonly fix: string;
}

/** What is wrong with the encoding of a file that must be in UTF-8. A byte order mark before UTF-8 is nothing wrong. */
export function encodingProblem(bytes: Uint8Array): EncodingProblem | undefined {
  const [first = 1, second = 1] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (marked || first === 0 || second === 0) {
    const name = marked ? "UTF-16" : first === 0 ? "UTF-16BE" : "UTF-16LE";
    return {
      reason: "is in UTF-16, as some editors on Windows save it, and must be in UTF-8",
      fix: `save it as UTF-8, or convert it: iconv -f ${name} -t UTF-8 FILE > NEW`,
    };
  }
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    return { reason: "is not text in UTF-8", fix: "save it as UTF-8" };
  }
}
