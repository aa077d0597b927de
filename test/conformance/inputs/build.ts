import type { Case } from "../case";

type Extra = Partial<Omit<Case, "name" | "files">> & { readonly side?: Readonly<Record<string, string>> };

/** A case of some Compose files, in order `a.yaml`, `b.yaml`, `c.yaml`. */
export function files(name: string, texts: readonly string[], { side, ...extra }: Extra = {}): Case {
  const own = Object.fromEntries(texts.map((text, index) => [`${"abcd"[index]}.yaml`, text]));
  return { name, files: { ...own, ...side }, use: Object.keys(own), ...extra };
}

/** One service `web` with an image and these attributes, in flow style. */
export function web(attributes: string, name = attributes, extra: Extra = {}): Case {
  return files(name, [service(attributes)], extra);
}

/** The same service in two files. */
export function over(base: string, overlay: string, name = `${base} + ${overlay}`, extra: Extra = {}): Case {
  return files(name, [service(base), `services: {web: {${overlay}}}\n`], extra);
}

function service(attributes: string): string {
  const image = /(^|[ ,{])image:/.test(attributes) ? "" : "image: i, ";
  return `services: {web: {${image}${attributes}}}\n`;
}
