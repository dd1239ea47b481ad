import { createEndings, type Endings } from '../endings.ts';

/** What a drill works with. */
export interface Stage {
  readonly endings: Endings;
  /** How often the fault is made. */
  readonly rounds: number;
  /** Tells the person who watches what goes on. */
  say(text: string): void;
}

export interface Findings {
  /** What must not be, each as a sentence. None: the drill is passed. */
  readonly faults: readonly string[];
  /** What was measured, by its name. */
  readonly figures: Readonly<Record<string, string | number>>;
  /** Why the drill could not be held here. */
  readonly skipped?: string;
}

/** A fault of the surroundings, made on purpose while the product is under load. */
export interface Drill {
  readonly name: string;
  /** What is done, and what has to hold. */
  readonly title: string;
  readonly rounds: number;
  run(stage: Stage): Promise<Findings>;
}

/** Holds a drill and ends all that it started. */
export async function hold(
  drill: Drill,
  { rounds = drill.rounds, say = () => {} }: { rounds?: number; say?: (text: string) => void } = {},
  endings: Endings = createEndings(),
): Promise<Findings> {
  try {
    return await drill.run({ endings, rounds, say });
  } finally {
    await endings.all();
  }
}
