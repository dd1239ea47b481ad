import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Catalogue } from '../../../core/collection.ts';
import { type BusinessCalendar, readCalendar } from '../../../kernel/calendar/calendar.ts';
import type { Settings } from '../../../kernel/settings.ts';
import { loadCatalogue } from '../../../store/catalogue/snapshot.ts';
import { inTransaction, type Sql } from '../../../store/database.ts';
import { isCollision } from '../../../store/failure.ts';
import type { Store } from '../../../store/store.ts';
import {
  CALENDAR_SETTING,
  CALENDARS,
  type CalendarData,
  DEFAULT_CALENDAR,
  type ExceptionType,
} from '../collections.ts';
import { RULES, type Rule, TYPES, toRule } from '../rules/rule.ts';
import { ruleFaults } from '../rules/rule-faults.ts';

/** How often a transaction is begun anew that got in the way of another one. */
const MOST_TRIES = 20;

/** An account's rules and what they go by, as of one moment. */
export interface RuleSet {
  /** All rules that can be evaluated, inactive ones too: they go on learning from events. */
  readonly rules: readonly Rule[];
  /** Keys of rules that cannot be evaluated; nothing comes of them. */
  readonly broken: readonly string[];
  readonly calendar: BusinessCalendar;
  /** Tells one set of rules and calendar from another. */
  readonly mark: string;
  readonly catalogue: Catalogue;
  readonly settings: Settings;
}

const read = new WeakMap<Catalogue, Map<string, Omit<RuleSet, 'catalogue' | 'settings'>>>();

/** The rules of a catalogue. Reading them takes a millisecond, so they are kept as long as the catalogue is. */
export function ruleSetOf(catalogue: Catalogue, settings: Settings): RuleSet {
  const calendarKey = settings[CALENDAR_SETTING] ?? DEFAULT_CALENDAR;
  const known = read.get(catalogue) ?? new Map();
  read.set(catalogue, known);
  const found = known.get(calendarKey) ?? readRules(catalogue, calendarKey);
  known.set(calendarKey, found);
  return { ...found, catalogue, settings };
}

function readRules(catalogue: Catalogue, calendarKey: string) {
  const rules: Rule[] = [];
  const broken: string[] = [];
  for (const entry of catalogue.entries(RULES)) {
    const type = catalogue.entry(TYPES, String(entry.data.exceptionType))?.data as ExceptionType | undefined;
    const rule = toRule(entry, type?.identifier ?? '');
    if (type && ruleFaults(rule).length === 0) rules.push(rule);
    else broken.push(entry.key);
  }
  const calendarEntry =
    catalogue.entry(CALENDARS, calendarKey) ?? catalogue.entry(CALENDARS, DEFAULT_CALENDAR);
  const definition = calendarEntry?.data as CalendarData;
  const mark = createHash('sha256')
    .update(JSON.stringify([rules, definition]))
    .digest('base64url')
    .slice(0, 22);
  return { rules, broken, calendar: readCalendar(definition), mark };
}

/**
 * Runs a transaction that goes by the account's rules as they are until it commits: whoever changes a rule waits for it,
 * and it waits for whoever is changing one. Begun anew where it got in the way of another one.
 */
export async function underRules<T>(
  store: Store,
  account: string,
  work: (tx: Sql, rules: RuleSet) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const known = await store.directory.account(account);
    try {
      return await inTransaction(store.sql, async (tx) => {
        const [row] = await tx<{ versions: Record<string, number>; settings: Settings }[]>`
          select catalogue as versions, settings from account where account = ${account} for share`;
        if (!row) throw new Error(`There is no account ${account}`);
        // Another connection cannot be asked for here: all of them may be waiting just like this one.
        const catalogue = isDeepStrictEqual(row.versions, known.versions)
          ? known.catalogue
          : await loadCatalogue(tx, account, store.collections);
        return work(tx, ruleSetOf(catalogue, row.settings));
      });
    } catch (error) {
      if (!isCollision(error) || tries === MOST_TRIES) throw error;
    }
  }
}
