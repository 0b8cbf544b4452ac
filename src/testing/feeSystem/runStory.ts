import type { Command } from '../../account/commands/command.js';
import { unused } from '../../account/credit.js';
import { decide } from '../../account/decide.js';
import type { Decision } from '../../account/decision.js';
import { fold } from '../../account/fold.js';
import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { described } from '../described.js';
import { refusalLine } from '../scenario/eventTable.js';
import { faultInBalances } from './checkedReply.js';
import { type Comparison, compareAnswers, compareFigures, type StepResult } from './compare.js';
import { deliver, deliverAtOnce, type Failure, isNotOffered, type Outcome } from './deliver.js';
import type { FeeSystem, FeeSystemAnswer } from './feeSystem.js';
import { requestFor } from './requestFor.js';
import type { NamedRequest, RefundRequest } from './requests.js';
import type { StoryStep } from './story.js';

/** The rules of a comparison of two systems. */
export type Terms = {
  /** The policy of both systems. */
  readonly policy: FeePolicy;
  /** Whether a transferred fee can be waived, cancelled or returned. */
  readonly reversesTransfers: boolean;
};

/** The first step at which two systems differ: all steps up to it, and both sides of it. */
export type Divergence = {
  readonly steps: readonly StepResult[];
  readonly comparison: Comparison;
  /** For requests at the same time: both sides for either order, by the id of the first request. */
  readonly orders?: readonly { readonly first: string; readonly comparison: Comparison }[];
  /** The error that the system threw, if any. */
  readonly thrown?: unknown;
};

/** Our account after a step, for one possible order of its requests. */
type Branch = {
  readonly account: PatronAccount;
  readonly answers: readonly FeeSystemAnswer[];
  /** The id of the first request. */
  readonly first: string;
};

/** Requests at the same time may be handled in either order, and so may the next ones. Further orders are dropped. */
const BRANCHES_MAX = 8;

/** Runs a story on a system and on our account until they differ. Returns undefined if they never differ. */
export async function runStory(
  story: readonly StoryStep[],
  system: FeeSystem,
  terms: Terms,
): Promise<Divergence | undefined> {
  const digits = digitsOf(terms.policy.currency);
  const steps: StepResult[] = [];
  const late: StepResult[] = [];
  let accounts: readonly PatronAccount[] = [emptyAccount()];
  let number = 0;
  for (const { plan, rival, delivery } of story) {
    const setting = { ...terms, account: accounts[0] as PatronAccount };
    const requests = [plan, ...(rival === null ? [] : [rival])].flatMap((one) => {
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
    if (outcomes.every(isNotOffered)) {
      steps.pop();
      continue;
    }
    const answered = branches.map((branch) => ({
      branch,
      comparison: compareAnswers({ ...played, answers: branch.answers }, outcomes),
    }));
    const agreed = answered.filter(({ comparison }) => !comparison.differs);
    if (agreed.length === 0) return divergenceAt(steps, answered, thrownIn(outcomes));
    const shown = await shownBy(system, digits);
    const compared = answered.map(({ branch, comparison }) => ({
      branch,
      comparison: comparison.differs ? comparison : compareFigures(branch.account, shown, digits),
    }));
    const same = compared.filter(({ comparison }) => !comparison.differs);
    if (same.length === 0) {
      const likeliest = compared.filter((_, index) => answered[index]?.comparison.differs === false);
      return divergenceAt(steps, [...likeliest, ...compared], thrownIn([shown]));
    }
    accounts = same.map(({ branch }) => branch.account).slice(0, BRANCHES_MAX);
    if (played.delivery === 'twice' && outcomes.every(isAccepted)) late.push({ ...played, delivery: 'late' });
  }
  return deliverLate(late, steps, system, accounts, digits);
}

/** Returns the divergence after a step, for the likeliest order of its requests and for every order. */
function divergenceAt(
  steps: readonly StepResult[],
  compared: readonly { readonly branch: Branch; readonly comparison: Comparison }[],
  thrown: Pick<Divergence, 'thrown'>,
): Divergence {
  const byFirst = new Map<string, Comparison>();
  for (const { branch, comparison } of compared)
    if (!byFirst.has(branch.first)) byFirst.set(branch.first, comparison);
  const orders = [...byFirst].map(([first, comparison]) => ({ first, comparison }));
  const [likeliest] = orders as [(typeof orders)[0]];
  return {
    steps,
    comparison: likeliest.comparison,
    ...thrown,
    ...(orders.length > 1 ? { orders } : {}),
  };
}

/** Returns the error that a system threw, if any. */
export function thrownIn(outcomes: readonly object[]): Pick<Divergence, 'thrown'> {
  const failed = outcomes.find((outcome): outcome is Failure => 'thrown' in outcome);
  return failed === undefined ? {} : { thrown: failed.thrown };
}

/**
 * Delivers repeated requests once more at the end: a system that remembers only the last request executes them again.
 */
async function deliverLate(
  late: readonly StepResult[],
  before: readonly StepResult[],
  system: FeeSystem,
  accounts: readonly PatronAccount[],
  digits: number,
): Promise<Divergence | undefined> {
  for (const [index, played] of late.entries()) {
    const steps = [...before, ...late.slice(0, index + 1)];
    const outcomes = await deliverAtOnce(system, played.requests);
    const answered = compareAnswers(played, outcomes);
    if (answered.differs) return { steps, comparison: answered, ...thrownIn(outcomes) };
    const shown = await shownBy(system, digits);
    const compared = accounts.map((account) => compareFigures(account, shown, digits));
    if (compared.every(({ differs }) => differs))
      return { steps, comparison: compared[0] as Comparison, ...thrownIn([shown]) };
  }
  return undefined;
}

/** Returns whether a system executed a request. */
export function isAccepted(outcome: Outcome): boolean {
  return 'answer' in outcome && outcome.answer.accepted;
}

/** Returns our account after the requests, for every possible order. */
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

/** Returns the balances of a system, or the reason why it shows none. */
export async function shownBy(system: FeeSystem, digits: number) {
  try {
    const balances = await system.balances();
    const failure = faultInBalances(balances, digits);
    return failure === undefined ? { balances } : { failure };
  } catch (error) {
    return { failure: described(error), thrown: error };
  }
}

/** The answer of our account to a request, and the account afterwards. */
export type OurAnswer = { readonly answer: FeeSystemAnswer; readonly account: PatronAccount };

/** Sends a request to our account. */
export function ourAnswer(account: PatronAccount, asked: NamedRequest, policy: FeePolicy): OurAnswer {
  const decision = decide(ourCommands(asked, account, policy), account, policy);
  return { answer: answerOf(decision), account: fold(decision.events, account) };
}

/** Converts a decision to an answer. The position of a refused command in a list is left out. */
export function answerOf(decision: Decision): FeeSystemAnswer {
  if (decision.accepted) return { accepted: true };
  const { rejection } = decision;
  return { accepted: false, reason: refusalLine({ accepted: false, events: [], rejection }) };
}

/** The time of every command: no rule compared here depends on it. */
const at = '2026-03-02T09:00:00Z';

/** Converts a request to commands, which are decided as one. */
export function ourCommands(
  { name, request }: NamedRequest,
  account: PatronAccount,
  policy: FeePolicy,
): Command | readonly Command[] {
  const { id } = request;
  switch (name) {
    case 'assess':
      return { type: 'AssessFee', id, feeType: request.feeType, amount: request.amount, owner: 'MAIN', at };
    case 'pay':
      return {
        type: 'ReceivePayment',
        id,
        amount: request.amount,
        feeIds: request.feeIds,
        method: first(policy.paymentMethods),
        at,
      };
    case 'waive':
      return {
        type: 'WaiveFees',
        id,
        fees: [{ feeId: request.feeId, amount: request.amount }],
        reason: first(policy.waiveReasons),
        at,
      };
    case 'dispute':
      return { type: 'DisputeFee', id, feeId: request.feeId, at };
    case 'restore':
      return { type: 'ResolveDispute', id, feeId: request.feeId, outcome: 'feeStands', at };
    case 'transfer':
      return { type: 'TransferFees', id, fees: [{ feeId: request.feeId, amount: request.amount }], at };
    case 'returnLostItem':
      return { type: 'ReturnLostItem', id, feeIds: [request.feeId], at };
    case 'cancel':
      return { type: 'CancelFee', id, feeId: request.feeId, amount: request.amount, at };
    case 'refund':
      return refunds(request, account, policy);
    case 'reversePayment':
      return { type: 'ReversePayment', id, paymentId: request.paymentId, at };
  }
}

/**
 * Refunds the refundable credits, oldest first. An amount above their sum is requested from the last one, which refuses
 * it.
 */
function refunds(
  { id, amount }: RefundRequest,
  account: PatronAccount,
  policy: FeePolicy,
): readonly Command[] {
  const digits = digitsOf(policy.currency);
  const credits = account.credits.filter((credit) => credit.purpose === 'refundable' && unused(credit) > 0);
  const commands: Command[] = [];
  let rest = parseLooseAmount(amount, digits);
  for (const [index, credit] of credits.entries()) {
    const part = index === credits.length - 1 ? rest : Math.min(rest, unused(credit));
    if (part === 0) break;
    rest -= part;
    commands.push({
      type: 'RefundCredit',
      id: index === 0 ? id : `${id}/${index + 1}`,
      creditId: credit.creditId,
      amount: formatAmount(part, digits),
      method: first(policy.paymentMethods),
      at,
    });
  }
  const none = {
    type: 'RefundCredit',
    id,
    creditId: 'none',
    method: first(policy.paymentMethods),
    at,
  } as const;
  return commands.length > 0 ? commands : [none];
}

/** Returns the first code of a table; any code would do. */
function first(table: object): string {
  return Object.keys(table)[0] ?? '';
}
