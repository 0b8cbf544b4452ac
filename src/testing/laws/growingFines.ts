import assert from 'node:assert/strict';
import type { Accrual } from '../../account/accrual.js';
import type { AccrueFine } from '../../account/commands/feeCommands.js';
import { type Fee, owed } from '../../account/fee.js';
import { balancesInMinorUnits, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { Story } from '../arbitraries/story.js';
import { inStories, type LawText, type State, type Subject, statesOf } from './law.js';
import { minorUnits, type ReferenceFee, type ReferenceModel, total } from './referenceModel.js';

/** Law 11. */
export const growingFines: LawText = {
  number: 11,
  name: 'growing fines',
  sentence: 'A fine is the last accrued total, as far as limits, waivers and payments allow.',
  clauses: [
    inStories(
      'after an accrual, the charged amount is the total: less only for a limit, more only where nothing more can be taken',
      (story) => {
        for (const state of statesOf(story)) checkTotal(state);
      },
    ),
    inStories(
      'a fine stands at the last accrued total, or at what was charged if that is less',
      standsAtLastTotal,
    ),
    inStories('a late accrual changes nothing, unless it ends the fine', (story) => {
      for (const { command, before, decision } of story.steps) {
        if (command.type !== 'AccrueFine' || command.ends !== undefined) continue;
        const accrual = findFee(before, command.feeId)?.accrual;
        if (accrual != null && Date.parse(command.at) < Date.parse(accrual.reportedAt))
          assert.deepEqual(decision.events, [], `${command.id} is late`);
      }
    }),
    inStories('the same total again at once adds nothing', sameTotalAddsNothing),
    inStories(
      'the earlier total undoes an increase, unless more was given back than came in',
      earlierTotalRestores,
    ),
    inStories('a fine that has ended is not owed above its final total', (story) => {
      for (const { model } of statesOf(story))
        for (const fee of model.fees)
          if (fee.finalTotal !== null && (fee.accrued as bigint) > fee.finalTotal)
            assert.ok(owedOnItsOwn(fee) <= 0n, `${fee.feeId} is owed above its final total`);
    }),
    inStories('growth never makes what is owed for a type exceed its limit', (story) => {
      for (const state of statesOf(story)) checkLimit(state);
    }),
    inStories('a fine that still grows is never transferred', (story) => {
      for (const { model } of statesOf(story))
        for (const fee of model.fees)
          if (fee.accrued !== null && fee.finalTotal === null)
            assert.equal(fee.transferred, 0n, `${fee.feeId} was transferred`);
    }),
  ],
};

/** Returns what is owed on a fee, less what is owed only because more was given back than came in. */
function owedOnItsOwn(fee: ReferenceFee): bigint {
  const excess = fee.givenBack - fee.paid - fee.settledByCredit.refundable;
  return fee.remaining - fee.reserved - (excess > 0n ? excess : 0n);
}

function checkTotal({ step, model }: State): void {
  const { command, before, policy } = step;
  if (command.type !== 'AccrueFine') return;
  const fee = model.fees.find(({ feeId }) => feeId === command.feeId);
  if (fee === undefined || fee.accrued === null)
    return assert.fail(`${command.id} is about ${command.feeId}, which does not grow`);
  const requested = requestedTotal(command, before, policy);
  const { accrued } = fee;
  if (accrued < requested) {
    const limit = limitOf(policy, fee.feeType);
    assert.ok(limit !== null, `${command.id} charged ${accrued} instead of ${requested}`);
    const left = limit - owedOfType(model, fee.feeType);
    assert.ok(
      left <= 0n,
      `${command.id} charged ${accrued} instead of ${requested} within the limit ${limit}`,
    );
  }
  if (accrued > requested) {
    const money = fee.paid + fee.settledByCredit.refundable - fee.givenBack;
    const left = [owedOnItsOwn(fee), money].filter((amount) => amount > 0n);
    assert.deepEqual(left, [], `${command.id} left ${accrued} where ${requested} was requested`);
  }
  if (command.ends !== undefined) assert.equal(fee.finalTotal, requested, `${command.id} ended ${fee.feeId}`);
}

/** Every total is recorded that changes the amount at which the fine would end without a total. */
function standsAtLastTotal({ steps }: Story): void {
  for (const { command, before, decision, after, policy } of steps) {
    if (command.type !== 'AccrueFine' || !decision.accepted) continue;
    const [earlier, accrual] = [before, after].map((account) => findFee(account, command.feeId)?.accrual);
    const since = command.ends === undefined ? earlier?.reportedAt : earlier?.endedAt;
    const isLate = since != null && Date.parse(command.at) < Date.parse(since);
    if (accrual == null || isLate) continue;
    const requested = Number(requestedTotal(command, before, policy));
    const { accrued, reportedTotal, total } = accrual;
    const stands = Math.min(reportedTotal, accrued);
    assert.equal(stands, Math.min(requested, accrued), `${command.id} left ${command.feeId} at ${stands}`);
    if (command.ends !== undefined) assert.equal(total, requested, `${command.id} ended ${command.feeId}`);
  }
}

/** Returns the fine's total according to a command; what the fine stands at if the command names none. */
function requestedTotal(
  { feeId, total: said }: AccrueFine,
  before: PatronAccount,
  { currency }: FeePolicy,
): bigint {
  // A command may have fewer decimals than the policy's currency.
  if (said !== undefined) return BigInt(Math.max(0, parseLooseAmount(said, digitsOf(currency))));
  const { accrued, reportedTotal, total } = findFee(before, feeId)?.accrual ?? nothing;
  return BigInt(total ?? Math.min(reportedTotal, accrued));
}

const nothing = { accrued: 0, reportedTotal: 0, total: null };

function sameTotalAddsNothing({ steps }: Story, { decide }: Subject): void {
  for (const { command, decision, after, policy } of steps) {
    if (command.type !== 'AccrueFine' || !decision.accepted) continue;
    const again = decide({ ...command, id: 'accrued again' }, after, policy);
    assert.deepEqual(again, { accepted: true, events: [] }, `${command.id} accrued again`);
  }
}

function earlierTotalRestores({ steps }: Story, { decide, fold }: Subject): void {
  for (const { command, decision, before, after, policy } of steps) {
    const [increase, ...more] = decision.events;
    if (command.type !== 'AccrueFine' || increase?.type !== 'FeeIncreased' || more.length > 0) continue;
    const { feeId, accrual, givenBack, paid, settledByCredit } = findFee(before, command.feeId) as Fee;
    if (givenBack > paid + settledByCredit.refundable) continue;
    const earlier = formatAmount((accrual as Accrual).accrued, before.minorDigits);
    const undone = decide({ ...command, id: 'accrued as before', total: earlier }, after, policy);
    assert.ok(undone.accepted, `the earlier total ${earlier} was refused: ${JSON.stringify(undone)}`);
    const account = fold(undone.events, after);
    const owedNow = (of: PatronAccount) => owed(findFee(of, feeId) as Fee);
    assert.deepEqual(
      { ...balancesInMinorUnits(account), owed: owedNow(account) },
      { ...balancesInMinorUnits(before), owed: owedNow(before) },
      `undoing ${command.id}`,
    );
  }
}

function checkLimit({ step, model }: State): void {
  const { command, decision, policy } = step;
  if (command.type !== 'AccrueFine') return;
  const grows = decision.events.some(
    ({ type, data }) => type === 'FeeAssessed' || (type === 'FeeIncreased' && minorUnits(data.amount) > 0n),
  );
  const limit = limitOf(policy, command.feeType);
  if (!grows || limit === null) return;
  const owed = owedOfType(model, command.feeType);
  assert.ok(owed <= limit, `${command.id} made ${owed} owed of ${command.feeType}, above ${limit}`);
}

function limitOf({ accrualLimits }: FeePolicy, feeType: string): bigint | null {
  const limit = Object.hasOwn(accrualLimits, feeType) ? accrualLimits[feeType] : undefined;
  return limit === undefined ? null : minorUnits(limit);
}

function owedOfType({ fees }: ReferenceModel, feeType: string): bigint {
  return total(
    fees.filter((fee) => fee.feeType === feeType).map(({ remaining, reserved }) => remaining - reserved),
  );
}
