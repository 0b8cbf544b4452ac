import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import { minorDigits } from '../../money/currency.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { described } from '../described.js';
import { type Comparison, comparedAnswers, comparedFigures } from './compare.js';
import { deliver, deliverAtOnce, type Failure, type Outcome } from './deliver.js';
import type { FeeSystem, FeeSystemAnswer } from './feeSystem.js';
import { ourAnswer } from './ourAnswer.js';
import type { PlayedStep } from './playedStep.js';
import type { PlotStep } from './plot.js';
import { requestFor } from './requestFor.js';
import type { NamedRequest } from './requests.js';

/** What two systems are compared under. */
export type Terms = {
  /** The rules of both. */
  readonly policy: FeePolicy;
  /** Whether what was transferred can be waived, cancelled or come back. */
  readonly reversesTransfers: boolean;
};

/** Where the systems part: the steps until then, and both sides of the last one. */
export type Parting = {
  readonly steps: readonly PlayedStep[];
  readonly comparison: Comparison;
  /** Where requests came at the same time: both sides for either order, by the request that came first. */
  readonly orders?: readonly { readonly first: string; readonly comparison: Comparison }[];
  /** What the system threw, if it did. */
  readonly thrown?: unknown;
};

/** Our account after a step, in one of the orders in which its requests can have come. */
type Branch = {
  readonly account: PatronAccount;
  readonly answers: readonly FeeSystemAnswer[];
  /** The id of the request that came first. */
  readonly first: string;
};

/** Requests at the same time may come in either order, and so may the next ones; more are not followed. */
const BRANCHES_MAX = 8;

/** Plays a plot on a system and on our account until they part; undefined when they never do. */
export async function playPlot(
  plot: readonly PlotStep[],
  system: FeeSystem,
  terms: Terms,
): Promise<Parting | undefined> {
  const digits = minorDigits(terms.policy.currency) as number;
  const steps: PlayedStep[] = [];
  const late: PlayedStep[] = [];
  let accounts: readonly PatronAccount[] = [emptyAccount()];
  let number = 0;
  for (const { wish, rival, delivery } of plot) {
    const setting = { ...terms, account: accounts[0] as PatronAccount };
    const requests = [wish, ...(rival === null ? [] : [rival])].flatMap((one) => {
      number += 1;
      return requestFor(one, { ...setting, number }) ?? [];
    });
    const [request, second] = requests;
    if (request === undefined) continue;
    const branches = accounts.flatMap((account) => branchesOf(account, requests, terms.policy));
    const answers = (branches[0] as Branch).answers;
    const played = { requests, delivery: second === undefined ? delivery : 'once', answers } as const;
    steps.push(played);
    const outcomes = await (second === undefined
      ? deliver(system, request, delivery)
      : deliverAtOnce(system, requests));
    const answered = branches.map((branch) => ({
      branch,
      comparison: comparedAnswers({ ...played, answers: branch.answers }, outcomes),
    }));
    const agreed = answered.filter(({ comparison }) => !comparison.differs);
    if (agreed.length === 0) return partingAt(steps, answered, thrownIn(outcomes));
    const shown = await shownBy(system);
    const compared = answered.map(({ branch, comparison }) => ({
      branch,
      comparison: comparison.differs ? comparison : comparedFigures(branch.account, shown, digits),
    }));
    const same = compared.filter(({ comparison }) => !comparison.differs);
    if (same.length === 0) {
      const likeliest = compared.filter((_, index) => answered[index]?.comparison.differs === false);
      return partingAt(steps, [...likeliest, ...compared], thrownIn([shown]));
    }
    accounts = same.map(({ branch }) => branch.account).slice(0, BRANCHES_MAX);
    if (played.delivery === 'twice' && outcomes.every(isAccepted)) late.push({ ...played, delivery: 'late' });
  }
  return playLate(late, steps, system, accounts, digits);
}

/** The parting after a step, in the likeliest of the orders in which its requests can have come, and in each. */
function partingAt(
  steps: readonly PlayedStep[],
  compared: readonly { readonly branch: Branch; readonly comparison: Comparison }[],
  thrown: Pick<Parting, 'thrown'>,
): Parting {
  const byFirst = new Map<string, Comparison>();
  for (const { branch, comparison } of compared)
    if (!byFirst.has(branch.first)) byFirst.set(branch.first, comparison);
  const orders = [...byFirst].map(([first, comparison]) => ({ first, comparison }));
  const [likeliest] = orders as [(typeof orders)[0]];
  return {
    ...{ steps, comparison: likeliest.comparison, ...thrown },
    ...(orders.length > 1 ? { orders } : {}),
  };
}

/** What a system threw, if it did. */
function thrownIn(outcomes: readonly object[]): Pick<Parting, 'thrown'> {
  const failed = outcomes.find((outcome): outcome is Failure => 'thrown' in outcome);
  return failed === undefined ? {} : { thrown: failed.thrown };
}

/** Delivers once more at the end what came twice: whoever remembers only the last request does it again now. */
async function playLate(
  late: readonly PlayedStep[],
  before: readonly PlayedStep[],
  system: FeeSystem,
  accounts: readonly PatronAccount[],
  digits: number,
): Promise<Parting | undefined> {
  for (const [index, played] of late.entries()) {
    const steps = [...before, ...late.slice(0, index + 1)];
    const outcomes = await deliverAtOnce(system, played.requests);
    const answered = comparedAnswers(played, outcomes);
    if (answered.differs) return { steps, comparison: answered, ...thrownIn(outcomes) };
    const shown = await shownBy(system);
    const compared = accounts.map((account) => comparedFigures(account, shown, digits));
    if (compared.every(({ differs }) => differs))
      return { steps, comparison: compared[0] as Comparison, ...thrownIn([shown]) };
  }
  return undefined;
}

function isAccepted(outcome: Outcome): boolean {
  return 'answer' in outcome && outcome.answer.accepted;
}

/** What our account is after the requests, in every order in which they can have come. */
function branchesOf(
  account: PatronAccount,
  requests: readonly NamedRequest[],
  policy: FeePolicy,
): readonly Branch[] {
  const orders =
    requests.length === 1
      ? [[0]]
      : [
          [0, 1],
          [1, 0],
        ];
  return orders.map((order) => {
    const answers: FeeSystemAnswer[] = [];
    let now = account;
    for (const index of order) {
      const ours = ourAnswer(now, requests[index] as NamedRequest, policy);
      answers[index] = ours.answer;
      now = ours.account;
    }
    return { account: now, answers, first: requests[order[0] as number]?.request.id ?? '' };
  });
}

/** What a system shows, or why it does not. */
async function shownBy(system: FeeSystem) {
  try {
    const balances = await system.balances();
    return Array.isArray(balances?.fees) && balances.fees.every((fee) => Object(fee) === fee)
      ? { balances }
      : { failure: 'its balances have no list of fees' };
  } catch (error) {
    return { failure: described(error), thrown: error };
  }
}
