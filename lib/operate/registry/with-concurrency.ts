/** So many questions at once are enough, and few enough for any registry. */
const AT_ONCE = 4;

/** Works on all items, on some of them at the same time. The results are in the order of the items. */
export async function withConcurrency<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) results.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return [...results].sort(([one], [other]) => one - other).map(([, result]) => result);
}
