import type { Command } from '../../core/command.ts';
import type { Random, StoryContext, StoryStep } from '../../core/demo.ts';
import type { Input } from '../../core/kind.ts';
import type { Actor } from '../../kernel/actor.ts';
import { parseDuration } from '../../kernel/duration.ts';
import { PHRASES, type Phrases, PLACES, SCENARIOS, type Scenario, type Words } from './demo-texts.ts';
import { troubleKind } from './kind.ts';
import { OPERATE_PERMISSION } from './parties.ts';
import { GUARANTEE_SETTING, type TransactionCode } from './workflow.ts';

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Invented operators. */
export const PARTNERS = [
  { key: 'onvia', name: 'Onvia Telecom', mirror: 'ONV', language: 'es' },
  { key: 'redsur', name: 'Red Sur Comunicaciones', mirror: 'RSC', language: 'es' },
  { key: 'brightlane', name: 'Brightlane Networks', mirror: 'BLN', language: 'en' },
] as const;

/** The account's own people in the network operation centre. */
const STAFF = ['Lucía Ferrer', 'Marcos Ibáñez', 'Nerea Agirre', 'Tom Whitfield', 'Aitana Soler'] as const;

/** A ticket's story while it is being told. */
export interface Plot {
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

/** Somebody, and the contract that they use. */
export interface Who {
  readonly actor: Actor;
  readonly contract: string;
}

/** The cast, and the ticket as it is opened. */
export function begin(context: StoryContext): Plot {
  const { account, number, openedAt, random } = context;
  // Nobody may be on both sides, and an account may be called like a partner.
  const partner = pick(
    random,
    PARTNERS.filter(({ key }) => key !== account),
  );
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

/** Some hours later, somebody does a transaction. */
export function transact(
  plot: Plot,
  who: Who,
  code: TransactionCode,
  dialog: string,
  leastHours: number,
  mostHours: number,
) {
  step(plot, who, { type: 'transition', name: code, input: { dialog } }, leastHours, mostHours);
}

export function step(plot: Plot, who: Who, command: Command, leastHours: number, mostHours: number): void {
  wait(plot, leastHours, mostHours);
  plot.steps.push({ ...who, at: new Date(plot.at), command });
}

/** Most answers come early in their span, a few late; urgent tickets go faster. */
export function wait(plot: Plot, leastHours: number, mostHours: number): void {
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

/** A whole number from `least` up to `most`. */
export function between(random: Random, least: number, most: number): number {
  return Math.floor(least + random() * (most - least));
}

function whole(random: Random, least: number, most: number): number {
  return Math.floor(least + random() * (most - least + 1));
}

function digits(random: Random, count: number): string {
  let text = '';
  for (let place = 0; place < count; place += 8) text += String(whole(random, 1e8, 2e8 - 1)).slice(1);
  return text.slice(0, count);
}
