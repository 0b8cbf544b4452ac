/**
 * What a late loan costs.
 *
 * @module
 */
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
export { defineFineRule } from './defineFineRule.js';
export type {
  ClosedDays,
  ClosureFound,
} from './closedDays.js';
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
export { explanationText } from './explanationText.js';
export type { OverdueLoan } from './fineQuestion.js';
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
export { type NextChange, nextChange } from './nextChange.js';
export { type OverdueFine, overdueFine } from './overdueFine.js';
export { type AlmaFinePolicies, type AlmaRate, likeAlma } from './likeAlma.js';
export { type EvergreenFineRule, likeEvergreen } from './likeEvergreen.js';
export { type FolioFinePolicy, type FolioInterval, type FolioRate, likeFolio } from './likeFolio.js';
export { type KohaFineRule, likeKoha } from './likeKoha.js';
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
