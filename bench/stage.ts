import { openDatabase, type Sql } from '../src/store/database.ts';
import type { Endings } from '../test/endings.ts';
import { freePort } from '../test/free-port.ts';
import { fill } from './fill.ts';
import { fillFloor, makeFloorTables } from './floor-schema.ts';
import type { Options } from './options.ts';
import { makeProductDatabase, type ProductDatabase, startProduct } from './product.ts';
import { type Profiler, startProfiler } from './profiler.ts';
import type { Bench } from './rounds.ts';
import { type Server, startServer } from './server.ts';
import { addParties, troubleStory } from './trouble-story.ts';

/** Tickets that are there before anything is measured, on either side, and that are read and changed. */
export const PRESENT = 10_000;

export interface Floor {
  readonly server: Server;
  readonly sql: Sql;
}

export interface Product {
  readonly server: Server;
  readonly database: ProductDatabase;
  /** Records from the start of the load on, where a profile was asked for. */
  readonly profiler: Profiler | null;
}

/** What the scenarios play on; the two servers start when a scenario first needs them. */
export interface Stage extends Bench {
  /** What a scenario starts for itself ends with it, so that it takes nothing from the next ones. */
  readonly endings: Endings;
  readonly options: Options;
  floor(): Promise<Floor>;
  product(): Promise<Product>;
  /** The next number that no request of this run has had. */
  readonly counter: { next: number };
  /** Words for people, to stderr. */
  say(text: string): void;
}

export function createStage(
  bench: Bench & { readonly endings: Endings; readonly options: Options; say(text: string): void },
): Stage {
  const { endings, cluster, options } = bench;
  let floor: Promise<Floor> | null = null;
  let product: Promise<Product> | null = null;

  async function startFloor(): Promise<Floor> {
    const url = await cluster.makeDatabase('floor');
    const sql = openDatabase({ url, connections: 1, name: 'bench' });
    endings.add(() => sql.end());
    await makeFloorTables(sql);
    await fillFloor(sql, PRESENT);
    const server = await startServer(endings, {
      name: 'floor',
      command: ['bench/floor.ts'],
      databaseUrl: url,
    });
    return { server, sql };
  }

  async function startProductWithTickets(): Promise<Product> {
    const database = await makeProductDatabase(endings, cluster, 'product');
    await addParties(database.sql);
    await fill(database.sql, troubleStory, PRESENT, () => {});
    const inspectPort = options.profile ? await freePort() : null;
    const nodeOptions = inspectPort === null ? [] : [`--inspect=127.0.0.1:${inspectPort}`];
    const server = await startProduct(endings, { name: 'product', database, nodeOptions });
    const profiler = inspectPort === null ? null : await startProfiler(inspectPort);
    return { server, database, profiler };
  }

  return {
    ...bench,
    counter: { next: 1 },
    floor() {
      floor ??= startFloor();
      return floor;
    },
    product() {
      product ??= startProductWithTickets();
      return product;
    },
  };
}
