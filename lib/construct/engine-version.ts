/**
 * The oldest Docker Engine that the files are made for. Those before it cannot mount a part of a volume (`subpath`); before
 * 25, they know no `start_interval` of healthchecks, either.
 */
export const OLDEST_ENGINE = "26.0";
