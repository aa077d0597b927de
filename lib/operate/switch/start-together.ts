/**
 * Starts services, each as soon as those are well that it waits for. When one fails, none is waited for any more.
 *
 * @param services each after those that it waits for
 * @param waitsFor which ones that is; others than `services` count as started
 * @param start gets the service, and a signal that another one has failed
 * @throws what the first one that failed threw
 */
export async function startTogether(
  services: readonly string[],
  waitsFor: (service: string) => readonly string[],
  start: (service: string, failed: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const started = new Map<string, Promise<void>>();
  const startAfter = async (service: string, before: readonly Promise<void>[]) => {
    await Promise.all(before);
    if (failure.signal.aborted) return;
    try {
      await start(service, failure.signal);
    } catch (error) {
      failure.abort(error);
    }
  };
  for (const service of services) {
    const before = waitsFor(service).flatMap((other) => started.get(other) ?? []);
    started.set(service, startAfter(service, before));
  }
  await Promise.all(started.values());
  failure.signal.throwIfAborted();
}
