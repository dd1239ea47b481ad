import type { ShippedEntry } from '../../core/collection.ts';
import type { Decision } from '../../core/decision.ts';
import type { Random } from '../../core/demo.ts';
import { commitLives } from '../../store/commit-lives.ts';
import type { Sql } from '../../store/database.ts';
import type { DemoPlay, PlayGroup, PlayPart } from '../../store/demo-play.ts';
import { CALL_TO_ACTIONS } from './collections.ts';
import { type Outcome, SHARES, storyOf } from './demo-stories.ts';
import { writeItems } from './engine/derive.ts';
import { play } from './engine/play.ts';
import { readEvent } from './engine/read-event.ts';
import { ruleSetOf } from './engine/rule-set.ts';
import { insertEvents } from './engine/store.ts';
import type { WorkItemEvent } from './events.ts';
import { exceptionKind } from './kind.ts';
import { SHIPPED_TYPES } from './rules/shipped.ts';

/** Work items are counted by themselves, from here on. */
const WORK_ITEMS = 'work item';
const FIRST_NUMBER = 400_000;
const OUTCOMES = SHARES.flatMap(([outcome, count]) => Array<Outcome>(count).fill(outcome));
/** Without a common divisor with a hundred, so that a hundred work items in a row have every outcome, mixed. */
const STRIDE = 37;

const PLACES = ['Lakeside', 'Northern', 'Blue Ridge', 'Prairie', 'Harbor', 'Summit', 'Valley', 'Cedar'];
const TRADES = ['Plumbing', 'Electric', 'Heating', 'Roofing', 'Doors'];
const PROVIDERS = PLACES.flatMap((place, row) =>
  TRADES.map((trade, column) => ({ id: 9_001 + row * TRADES.length + column, name: `${place} ${trade}` })),
);
/** Most of what goes wrong goes wrong with these. */
const TROUBLED = PROVIDERS.slice(0, 6);

const ACTIONS: readonly ShippedEntry[] = SHIPPED_TYPES.map(({ key, data }) => ({
  key,
  data: {
    exceptionTypeIdentifier: data.identifier,
    templateForDayside:
      'Call {{ serviceProviderName }} about work item {{ authorizationNumber }} within the hour.',
    templateForAfterHours: 'Leave a message for {{ serviceProviderName }}, and call at the next opening.',
    templateForWestpark: 'Tell the Westpark desk about work item {{ authorizationNumber }}.',
    tbsWorkItemRequestType: null,
    priority: 1,
  },
}));

/** A week of a building-services company: work items with their events, and the exceptions that its rules open. */
export const exceptionDemo: DemoPlay = {
  parties: [],
  entries: { [CALL_TO_ACTIONS]: ACTIONS },
  counted: 'work items',
  days: 7,
  async perform(tx: Sql, group: PlayGroup): Promise<readonly Decision[][]> {
    const { account, parts, now, takeNumbers } = group;
    const ruleSet = ruleSetOf(account.catalogue, account.settings);
    const numbers = await takeNumbers(account.key, WORK_ITEMS, parts.length);
    const histories = parts.map((part, index) =>
      historyOf(part, FIRST_NUMBER + (numbers[index] as number), now),
    );
    // How many exceptions there will be is known once they have been played, and they need their numbers for that.
    const plays = (next: () => number) =>
      histories.map((history) => play(account.key, history, ruleSet, now, next));
    const wanted = plays(() => 1).reduce((sum, { lives }) => sum + lives.length, 0);
    const reserved = await takeNumbers(account.key, exceptionKind.name, wanted);
    const played = plays(() => reserved.shift() as number);
    const lives = played.flatMap((one) => one.lives);
    const events = histories.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
    await insertEvents(tx, account.key, events, now);
    const lost = await commitLives(tx, account.key, lives);
    if (lost) throw new Error(`The exception ${lost.ticket.key} could not be written.`);
    const changes = played.map(({ item }) => ({ before: null, after: item }));
    if (!(await writeItems(tx, account.key, changes, ruleSet, now))) {
      throw new Error('Work items of these numbers are there already.');
    }
    return lives as Decision[][];
  },
};

/** What has happened to a work item until now. */
function historyOf({ index, beginsAt, random }: PlayPart, number: number, now: Date): WorkItemEvent[] {
  const outcome = OUTCOMES[(index * STRIDE) % OUTCOMES.length] ?? 'smooth';
  const isTroubled = outcome !== 'smooth' && random() < 0.6;
  const provider = pick(random, isTroubled ? TROUBLED : PROVIDERS);
  const requestType = 1 + Math.floor(random() * 4);
  return storyOf(outcome, beginsAt.getTime(), random)
    .filter(({ at }) => at <= now.getTime())
    .map(({ at, type, data }, step) => {
      const read = readEvent({
        id: `demo-${number}-${step}`,
        type,
        occurredAt: new Date(at).toISOString(),
        authorizationNumber: number,
        requestType,
        serviceProviderId: provider.id,
        serviceProviderName: provider.name,
        data,
      });
      if (!read.ok) throw new Error(`An example event cannot be read: ${JSON.stringify(read.errors)}`);
      return read.event;
    });
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}
