/** The parts of an image's name. */
export interface ImageName {
  /** Registry and name. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/**
 * Takes the name of an image apart. Signs inside `${…}` part nothing, so that a name can be read as the file has it,
 * too.
 */
export function imageName(text: string): ImageName {
  let depth = 0;
  let colon = -1;
  let at = text.length;
  for (let index = 0; index < at; index++) {
    const sign = text[index];
    if (sign === "{") depth++;
    else if (sign === "}") depth--;
    else if (depth > 0) continue;
    else if (sign === "@") at = index;
    else if (sign === "/") colon = -1;
    else if (sign === ":") colon = index;
  }
  const end = colon === -1 ? at : colon;
  return {
    repository: text.slice(0, end),
    tag: colon === -1 ? undefined : text.slice(colon + 1, at),
    digest: at === text.length ? undefined : text.slice(at + 1),
  };
}
