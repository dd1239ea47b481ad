import type { Readable, Writable } from 'node:stream';
import type { Logger } from 'pino';
import type { CollectionRegistry } from '../core/collection.ts';
import type { DemoMaker } from '../core/demo.ts';
import type { KindRegistry } from '../core/kind.ts';
import type { DemoPlay } from '../store/demo-play.ts';

/** What the commands need of the process's configuration. */
export interface CliConfig {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly publicUrl: string | null;
  readonly tokenIssuer: string | null;
  readonly logLevel: string;
}

export const NODE_ROLES = ['api', 'worker', 'all'] as const;
export type NodeRole = (typeof NODE_ROLES)[number];

export interface RunningServer {
  /** Where it answers; a worker answers about its health only. */
  readonly url: string;
  /** The folder of the embedded database, null where the database is an outside one. */
  readonly dataDir: string | null;
  /** How the first administrator signs in, where this start made one. */
  readonly administrator: { readonly email: string; readonly password: string } | null;
  /** Ends what was begun and stops. */
  stop(): Promise<void>;
}

/** A stream that may be a terminal. */
export type Terminal<S> = S & { readonly isTTY?: boolean };

/**
 * What the command line is made of. What costs time to load or may be at fault is a function, so that only the
 * command that needs it pays for it: `--help` works with any configuration.
 */
export interface CliParts {
  readonly version: string;
  /** How a person calls the program here: `tessera`, or `npm run -s tessera --` in a checkout. */
  readonly invocation: string;
  readonly config: () => CliConfig;
  readonly kinds: () => Promise<KindRegistry>;
  /** The reference data of all kinds. */
  readonly collections: () => Promise<CollectionRegistry>;
  /** The makers of example tickets, by kind. */
  readonly demos: () => Promise<ReadonlyMap<string, DemoMaker | DemoPlay>>;
  /** Starts the server; `where` wins over the configuration. */
  readonly serve: (
    where: { readonly host?: string; readonly port?: number },
    options: { readonly role: NodeRole; readonly log: Logger },
  ) => Promise<RunningServer>;
  /** Aborted when the person or the system asks the process to stop. */
  readonly interruption: AbortSignal;
  readonly stdin: Terminal<Readable>;
  readonly stdout: Terminal<Writable>;
  readonly stderr: Terminal<Writable>;
}

/** The parts, with a way to speak. */
export interface Cli extends CliParts {
  readonly output: Output;
}

/** Data goes to stdout, words for people to stderr. */
export interface Output {
  data(line: string): void;
  words(text: string): void;
  /** Waits until everything is handed to the system. */
  flush(): Promise<void>;
}
