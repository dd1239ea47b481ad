import type { DemoMaker } from '../../core/demo.ts';
import { begin, between, DAY_MS, MINUTE_MS, PARTNERS, type Plot, step, transact, wait } from './demo-plot.ts';

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
