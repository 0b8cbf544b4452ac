/** The minutes of a day of 24 hours. */
export const DAY_MINUTES = 1440;

/** A time when a library is open, in local minutes since midnight of the day on which it begins. */
export type Opening = {
  /** Its beginning, below 1440. */
  readonly from: number;
  /** Its end; above 1440 if it extends past midnight. */
  readonly to: number;
  /** The opening as text, e.g. `"09:00-17:00"`. */
  readonly text: string;
};

const pattern = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** Parses an opening; returns `undefined` for invalid text. */
export function readOpening(text: string): Opening | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const from = Number(match[1]) * 60 + Number(match[2]);
  const end = match[3] === undefined ? DAY_MINUTES : Number(match[3]) * 60 + Number(match[4]);
  if (end === from) return undefined;
  return { from, to: end > from ? end : end + DAY_MINUTES, text };
}
