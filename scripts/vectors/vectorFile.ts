import type { FeeSystemCapability } from '../../src/testing/index.js';
import { type CallVector, commandsOf } from './calls.js';
import type { Policies, StoryVector } from './story.js';

/** What a system must do: nothing else can be right (law); this library promises it (contract); it has chosen it (choice). */
export type Mark = 'law' | 'contract' | 'choice';

export type VectorGroup = {
  readonly name: string;
  readonly mark: Mark;
  /** What a system must be able to do beside charging fees and taking payments, to use the group. */
  readonly capabilities?: readonly FeeSystemCapability[];
  /** What another system may do instead; only with `choice`. */
  readonly acceptable?: string;
  /** Where the rule is explained: a page of the package. */
  readonly source: string;
  readonly cases: readonly (CallVector | StoryVector)[];
};

export type VectorFile = {
  readonly format: 1;
  readonly about: string;
  readonly policies?: Policies;
  readonly groups: readonly VectorGroup[];
};

/** Returns the number of cases of a file: calls, and steps of stories. */
export function casesIn({ groups: list }: VectorFile): number {
  return list
    .flatMap(({ cases }) => cases)
    .reduce(
      (sum, one) =>
        sum + ('steps' in one ? one.steps.flatMap(({ command }) => commandsOf(command)).length : 1),
      0,
    );
}

/** Formats a file: one case a line. */
export function formatFile({ groups: list, policies, ...head }: VectorFile): string {
  const lines = list.map(
    ({ cases, ...about }) =>
      `${JSON.stringify(about).slice(0, -1)},"cases":[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]}`,
  );
  const known = policies === undefined ? '' : `"policies":${JSON.stringify(policies)},\n`;
  return `${JSON.stringify(head).slice(0, -1)},\n${known}"groups":[\n${lines.join(',\n')}\n]}\n`;
}
