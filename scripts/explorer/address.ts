/** What the explorer shows, in its address: a link shows the same to everybody, unless the story is only in the page. */
export type ViewState = {
  /** The name of a story of the explorer, if it shows one of them. */
  readonly story?: string | undefined;
  /** One's own JSON lines otherwise. */
  readonly lines?: string | undefined;
  /** Whether the story is only in the page, because it was put there or is too long for an address. */
  readonly given?: boolean | undefined;
  /** The step, from 0. */
  readonly step: number;
  /** A command that is tried in place of the step's own. */
  readonly attempt?: string | undefined;
};

/** Writes what is shown as the part of an address after the #. */
export function toAddress({ story, lines, given, step, attempt }: ViewState): string {
  const parts = new URLSearchParams();
  if (story !== undefined) parts.set('story', story);
  if (lines !== undefined) parts.set('lines', lines);
  if (given) parts.set('given', '1');
  parts.set('step', String(step + 1));
  if (attempt !== undefined) parts.set('try', attempt);
  return `#${parts}`;
}

/** Reads an address. Without a story it is the first one, without a step the first one. */
export function fromAddress(address: string): ViewState {
  const parts = new URLSearchParams(address.replace(/^#/, ''));
  const step = Math.trunc(Number(parts.get('step')));
  const lines = parts.get('lines') ?? undefined;
  const given = lines === undefined && parts.has('given') ? true : undefined;
  return {
    story: lines === undefined && !given ? (parts.get('story') ?? 'pay') : undefined,
    lines,
    given,
    step: step > 0 ? step - 1 : 0,
    attempt: parts.get('try') ?? undefined,
  };
}
