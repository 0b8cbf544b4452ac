import type { AccountEvent } from '../../account/events/accountEvent.js';
import { applyAll } from '../../account/fold.js';
import { type AccountState, findFee, type PatronAccount } from '../../account/patronAccount.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { busy } from '../../job/accountFinding.js';
import { appendPlanned } from '../../job/job.js';
import { accountsOf } from '../../patron/accountsOf.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { AccrualFinding, AccruedLoan } from './accrualForm.js';
import { accrueLoans } from './accrueLoans.js';
import type { ComputedLoan } from './accruingLoan.js';

/**
 * Decides on the fines of a patron who has several accounts, and stores the decisions unless it is a plan. A fine grows
 * where it was charged; a new one is charged to the account that the others are merged into. A limit counts what is
 * owed in all of them, and cuts the last fine in the order of the loans.
 *
 * @returns one result for each loan, in their order
 */
export async function accrueGroup(
  store: EventStore,
  stream: StreamId,
  loans: readonly ComputedLoan[],
  policy: FeePolicy,
  mode: 'plan' | 'run',
): Promise<readonly (AccruedLoan | AccrualFinding)[]> {
  const { institution } = stream;
  const members = await accountsOf(store, stream);
  const current = new Map(members.map(({ patronId, account }) => [patronId, account]));
  const [top] = members.map(({ patronId }) => patronId) as [string];
  const homeOf = ({ command }: ComputedLoan) =>
    members.find(({ account }) => findFee(account, command.feeId) !== undefined)?.patronId ?? top;
  const results = new Map<number, AccruedLoan>();
  const findings: AccrualFinding[] = [];
  // A plan stores nothing, so that its earlier events are added to what is read.
  const planned = new Map<string, AccountEvent[]>();
  for (const { patronId, loans: own } of consecutive(loans, homeOf)) {
    const home = { institution, patronId };
    const others = [...current].filter(([name]) => name !== patronId).map(([, account]) => account);
    const plan = (account: () => PatronAccount, history: readonly AccountEvent[]) => {
      const state = account();
      const before = planned.get(patronId) ?? [];
      applyAll(state as AccountState, before);
      const accrued = accrueLoans(state, history, own, home, policy, others);
      current.set(patronId, state);
      if (mode === 'run') return accrued;
      planned.set(patronId, [...before, ...accrued.events]);
      return { ...accrued, events: [] };
    };
    const done = await appendPlanned(store, home, plan);
    for (const result of done?.results ?? [busy(home)]) {
      if ('code' in result) findings.push(result);
      else results.set(result.row, result);
    }
  }
  const inOrder = loans.flatMap(({ row }) => results.get(row) ?? []);
  return [...inOrder, ...findings];
}

/** Groups consecutive loans whose fines are of one account. */
function consecutive(
  loans: readonly ComputedLoan[],
  homeOf: (loan: ComputedLoan) => string,
): readonly { readonly patronId: string; readonly loans: readonly ComputedLoan[] }[] {
  const groups: { readonly patronId: string; readonly loans: ComputedLoan[] }[] = [];
  for (const loan of loans) {
    const patronId = homeOf(loan);
    const last = groups.at(-1);
    if (last?.patronId === patronId) last.loans.push(loan);
    else groups.push({ patronId, loans: [loan] });
  }
  return groups;
}
