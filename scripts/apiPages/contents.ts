/** A chapter of the site: a list of pages, each named by its path under docs/ without the extension. */
type Chapter = {
  /** The title in the navigation. */
  readonly title: string;
  /** The pages, in reading order; `decisions/*` means every file of that folder, by name. */
  readonly pages: readonly string[];
};

/** A part of the site, with one list of pages or several chapters. */
export type Part = {
  /** The title in the navigation. */
  readonly title: string;
  /** The chapters; a part with one chapter is shown without it. */
  readonly chapters: readonly Chapter[];
};

/** The table of contents, after docs/home.md. `npm run docs` fails if a page is missing here. */
export const contents: readonly Part[] = [
  { title: 'Tutorial', chapters: [{ title: 'Tutorial', pages: ['tutorial/first-account'] }] },
  {
    title: 'Guides',
    chapters: [
      {
        title: 'Set up',
        pages: [
          'guides/define-your-policy',
          'guides/who-may',
          'guides/test-your-own-policy',
          'guides/explore-your-policy',
        ],
      },
      {
        title: 'At the desk',
        pages: [
          'guides/charge-and-take-payments',
          'guides/take-payments-online',
          'guides/refunds-and-chargebacks',
          'guides/charge-overdue-fines',
          'guides/waive-fees',
          'guides/lost-items',
          'guides/disputes',
          'guides/payment-plans',
          'guides/households',
          'guides/merge-two-accounts',
          'guides/credits-and-refunds',
          'guides/undo-mistakes',
          'guides/show-fees-to-people',
          'guides/words-in-other-languages',
        ],
      },
      {
        title: 'Keep events',
        pages: [
          'guides/command-line',
          'guides/keep-events-in-your-own-store',
          'guides/keep-events-in-sqlite',
          'guides/keep-events-in-postgres',
          'guides/keep-events-in-nats',
          'guides/the-office-store',
          'guides/one-transaction',
          'guides/table-of-accounts',
          'guides/run-a-projection',
          'guides/follow-the-events',
          'guides/hand-events-to-a-queue',
          'guides/watch-a-service',
          'guides/move-from-one-store-to-another',
          'guides/write-a-store-adapter',
        ],
      },
      {
        title: 'All accounts of an institution',
        pages: [
          'guides/waive-in-bulk',
          'guides/accrue-fines-nightly',
          'guides/transfer-to-a-bursar',
          'guides/close-the-till',
          'guides/till-sessions',
          'guides/check-the-bank-statement',
          'guides/how-these-books-are-kept',
          'guides/close-a-month',
          'guides/seals',
          'guides/policy-history',
          'guides/numbered-receipts',
          'guides/patron-statements',
          'guides/send-notices',
          'guides/aged-debt',
          'guides/journal',
          'guides/value-added-tax',
          'guides/audit-trail',
          'guides/forget-what-is-settled',
          'guides/erase-by-key',
          'guides/share-a-job',
        ],
      },
      {
        title: 'Other systems',
        pages: [
          'guides/import-from-alma',
          'guides/move-from-folio',
          'guides/move-from-koha',
          'guides/move-from-evergreen',
          'guides/import-opening-balances',
          'guides/serve-alma-clients',
          'guides/serve-koha-clients',
          'guides/serve-folio-clients',
          'guides/serve-sip2-terminals',
          'guides/use-other-languages',
          'guides/compare-your-system',
          'guides/compare-over-a-process',
          'guides/hold-your-tenant-to-the-laws',
        ],
      },
    ],
  },
  {
    title: 'Concepts',
    chapters: [
      {
        title: 'Concepts',
        pages: [
          'concepts/glossary',
          'concepts/data-flow',
          'concepts/events',
          'concepts/jobs',
          'concepts/money',
          'concepts/balances',
          'concepts/fee-states',
          'concepts/credits-and-purposes',
          'concepts/lost-items',
          'concepts/rejections-and-errors',
          'concepts/all-rejections',
          'concepts/idempotency',
          'concepts/history',
          'concepts/personal-data',
          'concepts/corner-cases',
          'concepts/the-guide',
          'concepts/other-systems',
          'concepts/performance',
          'concepts/ten-million-patrons',
          'concepts/requirements',
        ],
      },
    ],
  },
  {
    title: 'Reference',
    chapters: [{ title: 'Reference', pages: ['reference/error-codes', 'changelog'] }],
  },
  {
    title: 'Decisions',
    chapters: [
      { title: 'Decision records', pages: ['decisions/*'] },
      { title: 'For contributors', pages: ['guides/evolve-event-shapes', 'concepts/mutation-testing'] },
    ],
  },
];
