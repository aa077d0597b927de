import { byName } from "./order";

type Holder = object;

const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null;

/**
 * Gives equal values equal numbers: mappings whatever the order of their keys. Each object is looked at once, without
 * recursion, so that neither depth nor shared parts cost more than their size. An object inside itself equals nothing.
 */
function numbering(): (value: unknown) => number {
  const numbers = new Map<string, number>();
  const known = new Map<Holder, number>();
  let next = 0;

  const numberOf = (signature: string): number => {
    const number = numbers.get(signature) ?? next++;
    numbers.set(signature, number);
    return number;
  };
  const numberOfPart = (value: unknown): number =>
    isHolder(value) ? (known.get(value) ?? next++) : numberOf(`${typeof value} ${String(value)}`);
  const signature = (value: Holder): string =>
    Array.isArray(value)
      ? `[${value.map(numberOfPart).join()}]`
      : `{${byName(Object.entries(value))
          .map(([key, part]) => `${JSON.stringify(key)}:${numberOfPart(part)}`)
          .join()}}`;

  return (value) => {
    const open = new Set<Holder>();
    const stack: Holder[] = isHolder(value) ? [value] : [];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (!known.has(top) && !open.has(top)) {
        open.add(top);
        for (const part of Object.values(top))
          if (isHolder(part) && !known.has(part) && !open.has(part)) stack.push(part);
        continue;
      }
      if (!known.has(top)) known.set(top, numberOf(signature(top)));
      stack.pop();
    }
    return numberOfPart(value);
  };
}

/** The items of a list that equal an earlier one, each with the first that it equals. */
export function repeats(list: readonly unknown[]): { readonly first: number; readonly again: number }[] {
  if (list.length < 2) return [];
  const numberOf = numbering();
  const firsts = new Map<number, number>();
  const found: { first: number; again: number }[] = [];
  for (const [index, item] of list.entries()) {
    const number = numberOf(item);
    const first = firsts.get(number);
    if (first === undefined) firsts.set(number, index);
    else found.push({ first, again: index });
  }
  return found;
}
