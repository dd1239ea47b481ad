import type postgres from 'postgres';

export type Rows = postgres.RowList<postgres.Row[]>;

/** What can be sent over the driver's handle for one connection. */
export interface Sendable {
  on(connection: postgres.Sql): postgres.PendingQuery<postgres.Row[]>;
}

export type Runner = (statement: Sendable) => Promise<Rows>;

/** Names of columns or tables, to be quoted. */
export class Names {
  readonly names: string | readonly string[];

  constructor(names: string | readonly string[]) {
    this.names = names;
  }
}

/**
 * A statement, or a piece of one. It is run when somebody first waits for it; a piece is never waited for.
 * It is not bound to a connection before that, as the driver's own pending query is.
 */
export class Statement implements Promise<Rows> {
  readonly [Symbol.toStringTag] = 'Statement';
  readonly #template: TemplateStringsArray;
  readonly #parameters: readonly unknown[];
  readonly #run: Runner;
  #outcome: Promise<Rows> | null = null;

  constructor(run: Runner, template: TemplateStringsArray, parameters: readonly unknown[]) {
    this.#run = run;
    this.#template = template;
    this.#parameters = parameters;
  }

  /** As a pending query of the driver's handle for one connection. */
  on(connection: postgres.Sql): postgres.PendingQuery<postgres.Row[]> {
    const parameters = this.#parameters.map((value) => {
      if (value instanceof Statement) return value.on(connection);
      return value instanceof Names ? connection(value.names as string[]) : value;
    });
    return connection(this.#template, ...(parameters as postgres.ParameterOrFragment<never>[]));
  }

  // biome-ignore lint/suspicious/noThenProperty: waiting for a statement is what runs it.
  then<Resolved = Rows, Rejected = never>(
    resolved?: ((rows: Rows) => Resolved | PromiseLike<Resolved>) | null,
    rejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Resolved | Rejected> {
    return this.#once().then(resolved, rejected);
  }

  catch<Rejected = never>(rejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null) {
    return this.#once().catch(rejected);
  }

  finally(settled?: (() => void) | null): Promise<Rows> {
    return this.#once().finally(settled);
  }

  #once(): Promise<Rows> {
    this.#outcome ??= this.#run(this);
    return this.#outcome;
  }
}
