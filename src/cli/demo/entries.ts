import type { DemoMaker } from '../../core/demo.ts';
import { findEntries } from '../../store/catalogue/find.ts';
import { importEntries } from '../../store/catalogue/import-entries.ts';
import type { Store } from '../../store/store.ts';
import { CommandFault } from '../fault.ts';

/** Makes the reference data that stories name; entries that the account has already stay as they are. */
export async function ensureEntries(
  store: Store,
  account: string,
  entries: NonNullable<DemoMaker['entries']>,
): Promise<void> {
  for (const [name, wanted] of Object.entries(entries)) {
    const collection = store.collections.get(name);
    if (!collection) throw new Error(`There is no collection ${name}`);
    const keys = wanted.map(({ key }) => key);
    const known = new Set((await findEntries(store.sql, account, collection, keys)).map(({ key }) => key));
    const missing = wanted.filter(({ key }) => !known.has(key));
    if (missing.length === 0) continue;
    const outcome = await importEntries(store, {
      actor: { account, id: 'demo', name: 'Example data', type: 'system', party: null },
      contract: 'demo',
      collection,
      entries: missing.map((entry) => ({ ...entry, place: `/${entry.key}` })),
      idempotency: null,
      dryRun: false,
      answer: () => ({ status: 200, headers: {}, body: '' }),
    });
    if (outcome.ok) continue;
    const faults = (outcome.errors ?? []).map(({ pointer, message }) => `${pointer} ${message}`);
    throw new CommandFault(`The example ${name} cannot be made: ${[outcome.message, ...faults].join(' ')}`);
  }
}
