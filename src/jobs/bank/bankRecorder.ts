import { RETRY } from '../../history/retry.js';
import { type BankAccount, foldBankAccount } from '../../office/bank/bankAccount.js';
import type { BankEvent } from '../../office/bank/bankEvents.js';
import type { BankDecision } from '../../office/bank/decideBank.js';
import { type BankId, loadBankAccount } from '../../office/bank/executeBank.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { executeOffice } from '../../office/officeStream.js';
import { streamOfKind } from '../../office/streamKinds.js';

const BATCH_SIZE = 500;

/**
 * Collects commands about an account at a bank, and records many of them at once. If another writer appends first, all are
 * decided again.
 *
 * @param decide - decides a command about the account as the commands before left it
 * @param decided - called with each decision, once it is stored
 */
export function bankRecorder<Given>(
  {
    office,
    id: { institution, bank },
    isRecorded,
  }: { readonly office: OfficeStore; readonly id: BankId; readonly isRecorded: boolean },
  decide: (given: Given, account: BankAccount) => BankDecision,
  decided: (given: Given, decision: BankDecision) => Promise<void>,
) {
  let commands: Given[] = [];
  const fold = (events: readonly unknown[], state?: BankAccount) =>
    foldBankAccount(events as readonly BankEvent[], state);
  const record = async (): Promise<void> => {
    const given = commands;
    commands = [];
    if (given.length === 0) return;
    const decideAll = (account: BankAccount) => {
      let state = account;
      const decisions = given.map((one) => {
        const decision = decide(one, state);
        state = fold(decision.events, state);
        return decision;
      });
      return { decisions, events: decisions.flatMap(({ events }) => [...events]) };
    };
    const stream = streamOfKind(institution, 'bank', bank);
    const { decision } = isRecorded
      ? await executeOffice(office, stream, { fold, decide: decideAll }, RETRY)
      : { decision: decideAll(await loadBankAccount(office, { institution, bank })) };
    for (const [index, each] of decision.decisions.entries()) await decided(given[index] as Given, each);
  };
  return {
    /** Adds a command. */
    async add(command: Given): Promise<void> {
      commands.push(command);
      if (commands.length >= BATCH_SIZE) await record();
    },
    /** Records the commands so far. */
    record,
  };
}
