import type { Command } from '../../core/command.ts';
import type { DemoMaker, Random, StoryContext, StoryStep } from '../../core/demo.ts';
import type { Input } from '../../core/kind.ts';
import type { Actor } from '../../kernel/actor.ts';
import { parseDuration } from '../../kernel/duration.ts';
import { PHRASES, type Phrases, PLACES, SCENARIOS, type Scenario, type Words } from './demo-texts.ts';
import { troubleKind } from './kind.ts';
import { OPERATE_PERMISSION } from './parties.ts';
import { GUARANTEE_SETTING, type TransactionCode } from './workflow.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Invented operators. */
const PARTNERS = [
  { key: 'onvia', name: 'Onvia Telecom', mirror: 'ONV', language: 'es' },
  { key: 'redsur', name: 'Red Sur Comunicaciones', mirror: 'RSC', language: 'es' },
  { key: 'brightlane', name: 'Brightlane Networks', mirror: 'BLN', language: 'en' },
] as const;

/** The account's own people in the network operation centre. */
const STAFF = ['Lucía Ferrer', 'Marcos Ibáñez', 'Nerea Agirre', 'Tom Whitfield', 'Aitana Soler'] as const;

type Outcome =
  | 'closed'
  | 'closedByTimer'
  | 'canceled'
  | 'open'
  | 'askedForInformation'
  | 'askedToCancel'
  | 'cleared';

/** Of fifty tickets so many end so. */
const SHARES: readonly (readonly [Outcome, number])[] = [
  ['closed', 27],
  ['closedByTimer', 9],
  ['canceled', 6],
  ['open', 3],
  ['askedForInformation', 2],
  ['askedToCancel', 1],
  ['cleared', 2],
];
const OUTCOMES = SHARES.flatMap(([outcome, count]) => Array<Outcome>(count).fill(outcome));
/** Without a common divisor with fifty, so that fifty tickets in a row have every outcome, mixed. */
const STRIDE = 17;

/** Trouble tickets between the account and three partners, two out of three opened by the partner. */
export const troubleDemo: DemoMaker = {
  parties: PARTNERS.map(({ key, name }) => ({ key, name })),
  story(context) {
    const plot = begin(context);
    const { now } = context;
    takeUp(plot);
    if (context.random() < 0.3) askAndAnswer(plot);
    ENDINGS[OUTCOMES[(context.index * STRIDE) % OUTCOMES.length] ?? 'closed'](plot);
    // The last dates may lie ahead: then the story has only come so far.
    return plot.steps.filter(({ at }, index) => index === 0 || at <= now);
  },
};

interface Plot {
  readonly context: StoryContext;
  readonly steps: StoryStep[];
  readonly tu: () => Who;
  readonly to: () => Who;
  readonly own: () => Who;
  readonly scenario: Scenario;
  readonly words: Words;
  readonly phrases: Phrases;
  /** 1 to 3; the more urgent, the faster everybody is. */
  readonly priority: number;
  readonly guaranteeMs: number;
  /** When the last step was done, milliseconds since the epoch. */
  at: number;
}

interface Who {
  readonly actor: Actor;
  readonly contract: string;
}

function begin(context: StoryContext): Plot {
  const { account, number, openedAt, random } = context;
  const partner = pick(random, PARTNERS);
  const scenario = pick(random, SCENARIOS);
  const theirs = random() < 2 / 3;
  const gateway: Who = {
    contract: 'trouble',
    actor: {
      account,
      id: `demo-${partner.key}`,
      name: `${partner.name} gateway`,
      type: 'client',
      party: partner.key,
      persona: null,
      permissions: new Set(),
    },
  };
  const own = () => ownPerson(account, pick(random, STAFF));
  const urgent = random();
  const priority = urgent < 0.08 ? 1 : urgent < 0.35 ? 2 : 3;
  const plot: Plot = {
    context,
    steps: [],
    tu: theirs ? () => gateway : own,
    to: theirs ? own : () => gateway,
    own,
    scenario,
    words: scenario[partner.language],
    phrases: PHRASES[partner.language],
    priority,
    guaranteeMs: guaranteeOf(context),
    at: openedAt.getTime(),
  };
  const mirrorKey = `${theirs ? partner.mirror : 'NOC'}-${100_000 + number}`;
  const input = opening(plot, mirrorKey, theirs ? account : partner.key);
  plot.steps.push({ ...plot.tu(), at: openedAt, command: { type: 'create', name: 'TU01', input } });
  return plot;
}

function ownPerson(account: string, name: string): Who {
  return {
    contract: 'native',
    actor: {
      account,
      id: `demo-${name
        .toLowerCase()
        .normalize('NFD')
        .replaceAll(/[^a-z]+/g, '')}`,
      name,
      type: 'person',
      party: account,
      persona: null,
      permissions: new Set([OPERATE_PERMISSION]),
    },
  };
}

/** What opens the ticket; the number of clients fits the priority, as the published rule has it. */
function opening({ context, scenario, words, priority, at }: Plot, mirrorKey: string, owner: string): Input {
  const { random, number } = context;
  const place = pick(random, PLACES);
  const clients = [
    [201, 900],
    [65, 200],
    [1, 64],
  ][priority - 1] as [number, number];
  const port = `${place.short}-${whole(random, 1, 40)}/${whole(random, 0, 15)}/${whole(random, 0, 63)}`;
  return {
    mirrorKey,
    owner,
    dialog: words.opening,
    troubleType: scenario.troubleType,
    troubleDescription: words.description,
    troubleDetectionTime: new Date(at - between(random, 5 * MINUTE_MS, 6 * HOUR_MS)).toISOString(),
    preferredPriority: priority,
    troubledObject: `${scenario.object}-${port}`,
    customer: whole(random, ...clients),
    homeId: `${place.short}${String(number).padStart(9, '0')}`,
    gescal37ID: `${place.code}${digits(random, 35)}`,
    ...(random() < 0.6 && { customerTroubleNum: `C${digits(random, 8)}` }),
    ...(random() < 0.5 && { wh1Parameter: port }),
  };
}

/** How each outcome comes about, once the ticket was taken up. */
const ENDINGS: Readonly<Record<Outcome, (plot: Plot) => void>> = {
  open: maybeHurry,
  askedForInformation: askAndWait,
  askedToCancel: askToCancel,
  canceled: cancel,
  cleared: clearLately,
  closedByTimer: clear,
  closed(plot) {
    clear(plot);
    confirmOrReject(plot, 'TU09', plot.phrases.close);
  },
};

/** The first looks at the ticket. */
function takeUp(plot: Plot): void {
  const { context, scenario, words, phrases, own, to } = plot;
  const { random } = context;
  if (random() < 0.25) {
    step(
      plot,
      own(),
      { type: 'edit', input: { queue: scenario.queue, tags: [...scenario.tags] } },
      0.02,
      0.5,
    );
  }
  if (random() < 0.45) transact(plot, to(), 'TO11', words.progress, 0.1, 2);
  if (random() < 0.06) {
    step(plot, own(), { type: 'comment', body: phrases.note, visibility: 'internal' }, 0.1, 2);
  }
}

function askAndAnswer(plot: Plot): void {
  transact(plot, plot.to(), 'TO05', plot.words.question, 0.2, 5);
  transact(plot, plot.tu(), 'TU06', plot.words.answer, 0.3, 16);
}

function askAndWait(plot: Plot): void {
  transact(plot, plot.to(), 'TO05', plot.words.question, 0.2, 5);
  if (plot.context.random() < 0.5) transact(plot, plot.tu(), 'TU10', plot.phrases.waiting, 1, 20);
}

function askToCancel(plot: Plot): void {
  transact(plot, plot.to(), 'TO02', plot.phrases.askToCancel, 0.5, 12);
}

function cancel(plot: Plot): void {
  const asked = plot.context.random() < 0.5;
  if (asked) askToCancel(plot);
  transact(plot, plot.tu(), 'TU03', asked ? plot.phrases.agreeToCancel : plot.phrases.cancel, 0.5, 20);
}

function maybeHurry(plot: Plot): void {
  if (plot.context.random() < 0.5) transact(plot, plot.tu(), 'TU10', plot.phrases.hurry, 6, 40);
}

/** The usual way to a solution, sometimes with a detour. */
function clear(plot: Plot): void {
  const { random } = plot.context;
  if (random() < 0.06) {
    askToCancel(plot);
    transact(plot, plot.tu(), 'TU04', plot.phrases.keepOpen, 0.5, 8);
  }
  resolve(plot, plot.words.resolution, 0.5, 30);
  if (random() < 0.12) {
    confirmOrReject(plot, 'TU08', plot.phrases.notSolved);
    transact(plot, plot.to(), 'TO11', plot.phrases.again, 0.2, 3);
    resolve(plot, plot.phrases.solvedAgain, 0.5, 30);
  }
}

/** Cleared so lately that the guarantee period still runs. */
function clearLately(plot: Plot): void {
  const { random, now } = plot.context;
  plot.at = Math.max(plot.at, now.getTime() - between(random, 0, 0.9 * plot.guaranteeMs));
  resolve(plot, plot.words.resolution, 0, 0);
}

function resolve(plot: Plot, narrative: string, leastHours: number, mostHours: number): void {
  const { context, scenario, to } = plot;
  wait(plot, leastHours, mostHours);
  const restored = new Date(plot.at - between(context.random, 2 * MINUTE_MS, 30 * MINUTE_MS));
  const input = {
    dialog: narrative,
    closeOutType: scenario.closeOutType,
    closeOutNarr: narrative,
    serviceRestoredTime: restored.toISOString(),
  };
  step(plot, to(), { type: 'transition', name: 'TO07', input }, 0, 0);
}

/** The issuer answers while the guarantee period runs, and within a day and a half. */
function confirmOrReject(plot: Plot, code: 'TU08' | 'TU09', dialog: string): void {
  const longest = Math.min(plot.guaranteeMs, 1.5 * DAY_MS);
  plot.at += between(plot.context.random, 0.02 * longest, 0.8 * longest);
  step(plot, plot.tu(), { type: 'transition', name: code, input: { dialog } }, 0, 0);
}

/** Some hours later, somebody does a transaction. */
function transact(
  plot: Plot,
  who: Who,
  code: TransactionCode,
  dialog: string,
  leastHours: number,
  mostHours: number,
) {
  step(plot, who, { type: 'transition', name: code, input: { dialog } }, leastHours, mostHours);
}

function step(plot: Plot, who: Who, command: Command, leastHours: number, mostHours: number): void {
  wait(plot, leastHours, mostHours);
  plot.steps.push({ ...who, at: new Date(plot.at), command });
}

/** Most answers come early in their span, a few late; urgent tickets go faster. */
function wait(plot: Plot, leastHours: number, mostHours: number): void {
  const share = plot.context.random() ** 2;
  const pace = plot.priority / 3;
  plot.at += Math.floor((leastHours + share * (mostHours - leastHours)) * pace * HOUR_MS);
}

function guaranteeOf({ settings }: StoryContext): number {
  const definition = troubleKind.settings.find(({ key }) => key === GUARANTEE_SETTING);
  return parseDuration(settings[GUARANTEE_SETTING] ?? definition?.default ?? '') ?? 0;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function between(random: Random, least: number, most: number): number {
  return Math.floor(least + random() * (most - least));
}

function whole(random: Random, least: number, most: number): number {
  return Math.floor(least + random() * (most - least + 1));
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => whole(random, 0, 9)).join('');
}
