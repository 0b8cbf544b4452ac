import {
  type AccountEvent,
  type Command,
  decide,
  type FeePolicy,
  fold,
  type PatronAccount,
  type Rejection,
} from '../../src/index.js';
import { finesAndFees, summary } from '../../src/views/index.js';

/** One command of a story, with the answer. */
export type StepVector = {
  readonly command: Command | readonly Command[];
  /** The name of the policy, if it is not the story's. */
  readonly policy?: string;
  /** The present time, for policies that bound the time of commands. */
  readonly now?: string;
  /** The events, without metadata, if the command is accepted. */
  readonly events?: readonly object[];
  /** The rejection, if it is refused. */
  readonly rejection?: Rejection;
  /** The balances afterwards, if they changed. */
  readonly balances?: object;
};

/** Commands to one account that is empty at first, or has the given events. */
export type StoryVector = {
  readonly id: string;
  readonly title?: string;
  /** Why this is so, or what would be acceptable instead. */
  readonly why?: string;
  /** The name of the policy. */
  readonly policy: string;
  readonly given?: readonly AccountEvent[];
  readonly steps: readonly StepVector[];
  /** The rows at the end: all of them, disputed, transferred and closed too. */
  readonly rows: readonly object[];
};

/** What is asked in a story. */
export type StoryPlan = Omit<StoryVector, 'steps' | 'rows'> & {
  readonly steps: readonly Pick<StepVector, 'command' | 'policy' | 'now'>[];
};

export type Policies = Readonly<Record<string, FeePolicy>>;

/** Plays a story, and adds the answers of `decide`, or of a changed one. */
export function playStory(
  { steps, ...story }: StoryPlan,
  policies: Policies,
  decides: typeof decide = decide,
): StoryVector {
  const policyOf = (name = story.policy) => policies[name] as FeePolicy;
  let account: PatronAccount = fold(story.given ?? []);
  let balances = JSON.stringify(summary(account, policyOf()));
  const answered = steps.map((step) => {
    const decision = decides(
      step.command as Command,
      account,
      policyOf(step.policy),
      step.now === undefined ? {} : { now: step.now },
    );
    if (!decision.accepted) return { ...step, rejection: decision.rejection };
    account = fold(decision.events, account);
    const now = summary(account, policyOf());
    const changed = JSON.stringify(now) !== balances;
    balances = JSON.stringify(now);
    return { ...step, events: decision.events.map(withoutMetadata), ...(changed && { balances: now }) };
  });
  const { rows } = finesAndFees(account, policyOf(), { status: 'all' });
  return JSON.parse(JSON.stringify({ ...story, steps: answered, rows }));
}

/** Metadata is technical: the digest that recognises a repeated command is this library's own. */
function withoutMetadata({ metadata: _metadata, ...event }: AccountEvent): object {
  return event;
}
