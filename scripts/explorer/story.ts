import {
  type AccountEvent,
  type Command,
  type Decision,
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  type FeePolicyInput,
  type PatronAccount,
} from 'patron-fees';
import { evolve } from 'patron-fees/evolve';
import { type NamedStream, parseEvent } from 'patron-fees/history';
import { type OfficeEvent, officeEvents } from 'patron-fees/office';
import { type Posting, postingsOf } from 'patron-fees/reports';
import { type OfficeStep, playOffice } from './officeStory.js';

/** A line of a story: the policy from here on, a command to decide, or an event as it was stored. */
export type StoryLine =
  | { readonly policy: FeePolicyInput }
  | { readonly command: Command }
  | { readonly event: AccountEvent }
  | { readonly stream: NamedStream; readonly officeEvent: OfficeEvent }
  | { readonly fault: string };

/** A step of a story: a command or an event, and what it did. */
export type StoryStep = {
  readonly policy: FeePolicy;
  readonly command: Command | undefined;
  /** What was decided; undefined for an event, or if deciding threw. */
  readonly decision: Decision | undefined;
  /** Why the step did nothing: what `decide` or `evolve` threw, or what is wrong with the line. */
  readonly error: string | undefined;
  readonly events: readonly (AccountEvent | OfficeEvent)[];
  /** The step of a stream of the office, which leaves the account as it was; undefined for one of the account. */
  readonly office?: OfficeStep;
  readonly postings: readonly Posting[];
  readonly before: PatronAccount;
  readonly after: PatronAccount;
};

/**
 * Reads a story from JSON lines. A line is `{ "policy": ... }`, a command, an event, or an event as a store returns it
 * (`{ "event": ... }`), of an account or with its `stream` of the office. Empty lines and lines that begin with # are left out.
 */
export function parseStory(text: string): StoryLine[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLine);
}

function parseLine(line: string): StoryLine {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return { fault: `no object: ${line}` };
    if ('policy' in value) return { policy: value.policy as FeePolicyInput };
    if ('event' in value && 'stream' in value) {
      const stream = { institution: String(Object(value).institution), stream: String(value.stream) };
      return { stream, officeEvent: officeEvents.decode(JSON.stringify(value.event)) };
    }
    if ('event' in value) return { event: parseEvent(value.event) };
    if ('data' in value) return { event: parseEvent(value) };
    return { command: value as Command };
  } catch (error) {
    return { fault: `${messageOf(error)}, in ${line}` };
  }
}

/** Plays a story: decides its commands one after the other, and folds what happens. */
export function playStory(lines: readonly StoryLine[]): StoryStep[] {
  let policy = definePolicy({ currency: currencyOf(lines) });
  let account = emptyAccount();
  const steps: StoryStep[] = [];
  const offices = playOffices(lines);
  for (const line of lines) {
    if ('policy' in line) {
      try {
        policy = definePolicy(line.policy);
      } catch (error) {
        steps.push(failed(messageOf(error), account, policy));
      }
      continue;
    }
    if ('officeEvent' in line) {
      const office = offices.get(line) as OfficeStep;
      const { event, error, postings } = office;
      steps.push({ ...failed(error, account, policy), events: [event], postings, office });
      continue;
    }
    const step = playLine(line, account, policy);
    account = step.after;
    steps.push(step);
  }
  return steps;
}

type OfficeLine = Extract<StoryLine, { officeEvent: unknown }>;

/** Plays the events of each stream of the office, and returns the steps by their lines. */
function playOffices(lines: readonly StoryLine[]): ReadonlyMap<StoryLine, OfficeStep> {
  const streams = new Map<string, OfficeLine[]>();
  for (const line of lines) {
    if (!('officeEvent' in line)) continue;
    const name = JSON.stringify(line.stream);
    const own = streams.get(name);
    if (own === undefined) streams.set(name, [line]);
    else own.push(line);
  }
  const steps = new Map<StoryLine, OfficeStep>();
  for (const own of streams.values()) {
    const { stream } = own[0] as OfficeLine;
    const played = playOffice(
      stream,
      own.map(({ officeEvent }) => officeEvent),
    );
    for (const [index, step] of played.entries()) steps.set(own[index] as OfficeLine, step);
  }
  return steps;
}

function playLine(
  line: Exclude<StoryLine, { policy: unknown } | { officeEvent: unknown }>,
  before: PatronAccount,
  policy: FeePolicy,
) {
  if ('fault' in line) return failed(line.fault, before, policy);
  return 'command' in line
    ? playCommand(line.command, before, policy)
    : playEvents([line.event], before, policy);
}

/** Decides a command on an account, and folds what happens. */
export function playCommand(command: Command, before: PatronAccount, policy: FeePolicy): StoryStep {
  try {
    const decision = decide(command, before, policy);
    return { ...playEvents(decision.events, before, policy), command, decision };
  } catch (error) {
    return { ...failed(messageOf(error), before, policy), command };
  }
}

function playEvents(events: readonly AccountEvent[], before: PatronAccount, policy: FeePolicy): StoryStep {
  try {
    let after = before;
    const postings = events.flatMap((event) => {
      after = evolve(after, event);
      return postingsOf(event, after);
    });
    return {
      policy,
      command: undefined,
      decision: undefined,
      error: undefined,
      events,
      postings,
      before,
      after,
    };
  } catch (error) {
    return { ...failed(messageOf(error), before, policy), events };
  }
}

function failed(error: string | undefined, account: PatronAccount, policy: FeePolicy): StoryStep {
  const nothing = { command: undefined, decision: undefined, events: [], postings: [] };
  return { ...nothing, policy, error, before: account, after: account };
}

/** The currency of a log without a policy: that of its first event which has one. */
function currencyOf(lines: readonly StoryLine[]): string {
  for (const line of lines) {
    if ('policy' in line) return 'USD';
    if ('event' in line && 'currency' in line.event.data) return line.event.data.currency;
  }
  return 'USD';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
