/** The facts of Koha and Evergreen for which this library has no rule, or a different one on purpose, by reason. */
export const factsNotPlayed: readonly { readonly reason: string; readonly ids: readonly string[] }[] = [
  {
    reason: 'Such a state is impossible: folding events that lead to it throws',
    ids: ['K004', 'K006'],
  },
  {
    reason:
      'Staff and place are optional; an institution that requires them checks that when it creates commands',
    ids: ['K008', 'K061'],
  },
  {
    reason:
      'Loans, renewals and deleted patrons are kept by the circulation system; feesOfLoan returns what is settled',
    ids: ['K028', 'K029', 'K043', 'K045', 'K099', 'E021'],
  },
  {
    reason: 'Another rule on purpose: a waiver is refused if nothing is owed',
    ids: ['K040'],
  },
  {
    reason:
      'Another rule on purpose: a fee that was partly paid can be cancelled, and the paid amount becomes a credit',
    ids: ['K069'],
  },
  {
    reason: 'A refund names its credit; to pay out several credits, several refunds are decided as one',
    ids: ['K052', 'K054'],
  },
  {
    reason:
      'Receipt numbers are events of their own, outside the account (`issueReceipt`); a payment has an id and a reference',
    ids: ['K046', 'K047'],
  },
  {
    reason: 'What rentals, enrolment and lost items cost is computed by the circulation system',
    ids: ['K106', 'K115', 'K116', 'K117', 'E023', 'E024', 'E025', 'E026', 'E028', 'E029', 'E031'],
  },
  {
    reason:
      'A fine that ended when an item was lost does not grow again when it is found; a library that restores fines charges a new fee',
    ids: ['K100', 'K101', 'E010', 'E014', 'E015', 'E016'],
  },
  {
    reason:
      'The time limit for refunding a returned item is kept by the circulation system, which sends no return after it',
    ids: ['E012', 'E013'],
  },
  {
    reason:
      'The circulation system knows the guarantors; `blocks` and `household` sum up the accounts that they are given',
    ids: ['K110', 'K111', 'K112', 'K113'],
  },
  {
    reason:
      'Blocks consider only what is owed; overdue loans, permissions and SIP messages are for the circulation system',
    ids: ['E033', 'E034', 'E035'],
  },
  {
    reason: 'This library does not handle sales; a sale at the desk is not a fee of a patron',
    ids: ['K118', 'K119'],
  },
  {
    reason: 'Events replace a ledger of signed lines; undoing is an event of its own',
    ids: ['K079'],
  },
  {
    reason: 'Single lines are never removed; a purge removes a whole account and keeps its totals',
    ids: ['K121'],
  },
  {
    reason: 'Tills have events of their own, outside the account (`executeTill`)',
    ids: ['K122'],
  },
  {
    reason: 'A payment that the provider declines is not a payment and is never recorded',
    ids: ['E022'],
  },
];
