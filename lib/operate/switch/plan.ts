import { z } from "zod";
import { type Facts, wordsIn } from "../journal/operation";
import { badJournal } from "../journal/record";

const listed = z.string().transform((text) => [...wordsIn(text)]);

const PLAN = z.object({
  /** Name of the command. */
  operation: z.string(),
  /** The state that runs before, as a number of the history. */
  state: z.coerce.number(),
  /** The folder with the files that are to run. The directory itself when they are there already. */
  folder: z.string(),
  /** The generation of the data that runs before, and the one that is to run. */
  before: z.string(),
  after: z.string(),
  /** Whether the data are copied to the other generation first. */
  copies: z.stringbool(),
  /** Keys of the volumes whose data come to the other generation by other means. */
  given: listed.optional(),
  /** Names that are to mean other images than they do, each with what it is to mean and what it means now: {@link ImageName}. */
  names: listed.optional(),
  /** Whether what services have saved of addresses and keys is rewritten in the copies. */
  relinks: z.stringbool().optional(),
  rehearses: z.stringbool(),
  /** Seconds for which services are watched after the switch. */
  watch: z.coerce.number(),
  /** How many generations of the data stay. */
  keep: z.coerce.number(),
  /** What was well from outside before, by name. */
  outside: listed,
  /** The backup that is the only way back, where the data are changed in place. */
  snapshot: z.string().optional(),
});

/** A deployment that is to become another one, or the one that it was. */
export type SwitchPlan = z.infer<typeof PLAN>;

/** A plan as it stands in the journal. */
export function planAsFacts(plan: SwitchPlan): Facts {
  const entries = Object.entries(plan).filter(([, value]) => value !== undefined);
  const texts = entries.map(([key, value]) => [key, Array.isArray(value) ? value.join(" ") : `${value}`]);
  return Object.fromEntries(texts);
}

/**
 * The plan in the journal of an operation that was cut off.
 *
 * @throws OperateError `bad-journal`
 */
export function planFromFacts(facts: Facts): SwitchPlan {
  const parsed = PLAN.safeParse(facts);
  if (parsed.success) return parsed.data;
  throw badJournal();
}
