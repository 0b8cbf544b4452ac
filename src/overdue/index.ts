/**
 * Overdue fines with explanations, from fine rules and library calendars; and reminder fees.
 *
 * @stability stable
 * @module overdue
 */

// The fine: what a loan costs until a moment, why, and when that changes.

export type { OverdueLoan } from './fineQuestion.js';
export { type OverdueFine, overdueFine } from './overdueFine.js';
export { type NextChange, nextChange } from './nextChange.js';

// Explanation: the fine in lines, as data and as text; their amounts add up to the fine.

export type {
  ClosedLine,
  CountedLine,
  FineLine,
  GraceLine,
  LateLine,
  LimitLine,
  NotLateLine,
  PeriodsLine,
  RecalledLine,
} from './explanation.js';
export type { ClosedDays, ClosureFound } from './closedDays.js';
export type { ExplanationTextOptions } from './explanationText.js';
export { explanationText } from './explanationText.js';
export type { FineWords, NumberedPhrase } from './fineWords.js';
export { englishFineWords } from './fineWords.js';

// Fine rules: what is charged, for what.

export { defineFineRule } from './defineFineRule.js';
export type {
  ClosedTime,
  FineGrace,
  FineGraceInput,
  FineMeasure,
  FinePeriod,
  FineRule,
  FineRuleInput,
  FineStep,
  PeriodUnit,
  PriceCap,
  PriceCapInput,
  RecallCharges,
  RecallTerms,
  RecallTermsInput,
} from './fineRule.js';

// Calendars: when a library is open, in its own time zone.

export { defineCalendar, type OpeningsOfDay, openingsOn } from './defineCalendar.js';
export type {
  Closure,
  LibraryCalendar,
  LibraryCalendarInput,
  SpecialHours,
  WeeklyHours,
  YearlyClosure,
} from './libraryCalendar.js';
export type { Weekday } from './localDate.js';

// Rules of other systems: the settings of FOLIO, Koha, Evergreen and Alma, as fine rules.

export { type FolioFinePolicy, type FolioInterval, type FolioRate, likeFolio } from './likeFolio.js';
export { type KohaFineRule, likeKoha } from './likeKoha.js';
export { type EvergreenFineRule, likeEvergreen } from './likeEvergreen.js';
export { type AlmaFinePolicies, type AlmaRate, likeAlma } from './likeAlma.js';

// Reminders: fees for reminders instead of days.

export {
  defineReminderRule,
  type RemindedLoan,
  type Reminder,
  type ReminderFees,
  type ReminderRule,
  type ReminderRuleInput,
  type ReminderStep,
  reminderFees,
} from './reminderFees.js';
