const plain = (word: string): string => word.toLowerCase().replace(/[-_\s]/g, "");

/** Lists of words in their plain form: the same few lists are asked about again and again. */
const plainLists = new WeakMap<readonly string[], readonly string[]>();

function plainly(words: readonly string[]): readonly string[] {
  const list = plainLists.get(words) ?? words.map(plain);
  plainLists.set(words, list);
  return list;
}

/** The number of single changes from one word to another: a letter more, less, other, or two of them swapped. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line[column] = Math.min(
        (line[column - 1] ?? 0) + 1,
        (above[column] ?? 0) + 1,
        (above[column - 1] ?? 0) + same,
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = above;
    above = line;
  }
  return above[b.length] ?? 0;
}

/** The word that somebody probably meant: at most a third of its letters differ, capitals, `-` and `_` aside. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const meant = plain(word);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, target] of plainly(words).entries()) {
    const limit = Math.floor(Math.min(meant.length, target.length) / 3);
    if (Math.abs(meant.length - target.length) > limit) continue;
    const steps = distance(meant, target);
    if (steps <= limit && steps < least) [best, least] = [words[index], steps];
  }
  return best;
}
