/** At which request to stop the process ends at once: its journal is on the disk. */
const PATIENCE = 2;

/** What keeps an operation at work whatever becomes of the terminal. */
export interface SignalGuard {
  /** The signal with which somebody asked to stop, if any. */
  readonly asked: NodeJS.Signals | undefined;
  release(): void;
}

/**
 * From now on a closed terminal or a dropped connection ends nothing, and Ctrl-C asks the operation to stop after the step
 * that it is in. A second Ctrl-C ends the process: the next command finds the journal.
 *
 * @param say told what a signal does
 */
export function guardSignals(say: (text: string) => void): SignalGuard {
  let asked: NodeJS.Signals | undefined;
  let count = 0;
  const ignore = () => {};
  const stop = (signal: NodeJS.Signals) => {
    asked = signal;
    if (++count >= PATIENCE) process.exit(signal === "SIGINT" ? 130 : 143);
    say("stopping after this step, and undoing it; press again to stop at once");
  };
  process.on("SIGHUP", ignore).on("SIGINT", stop).on("SIGTERM", stop);
  // A terminal that is gone takes no more words.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignore);
  return {
    get asked() {
      return asked;
    },
    release() {
      process.off("SIGHUP", ignore).off("SIGINT", stop).off("SIGTERM", stop);
      for (const stream of [process.stdout, process.stderr]) stream.off("error", ignore);
    },
  };
}
