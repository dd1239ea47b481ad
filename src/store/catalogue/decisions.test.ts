import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { collections, colors } from '../../../test/collections.ts';
import { useDatabase } from '../../../test/database.ts';
import { asking, moving, told } from '../../../test/errands.ts';
import { errandKind } from '../../../test/kind.ts';
import { useStores } from '../../../test/stores.ts';
import type { Kind } from '../../core/kind.ts';
import type { Written } from '../../kernel/answer.ts';
import { invalid } from '../../kernel/errors.ts';
import type { Store } from '../store.ts';
import { createBatchWriter } from '../write-batch.ts';
import { changeEntry } from './change-entry.ts';

const stores = useStores(useDatabase());

/** An errand whose colour has to be one that there is. */
const painted: Kind = {
  ...errandKind,
  change(ticket, name, input, context) {
    const { color } = input;
    if (typeof color === 'string' && !context.catalogue.entry('colors', color)) {
      return invalid([{ pointer: '/color', message: 'is unknown' }]);
    }
    return errandKind.change(ticket, name, input, context);
  },
};
const open = () => stores.open({ collections, kinds: new Map([['errand', painted]]) });

function put(store: Store, account: string, key: string, name: string | null) {
  return changeEntry(store, {
    actor: actorOf(account, null, 'me'),
    contract: 'test',
    collection: colors,
    key,
    ifMatch: null,
    idempotency: null,
    change: name === null ? null : () => ({ name }),
    answer: () => ({ status: 200, headers: {}, body: '' }),
  });
}

const unknown = { ok: false, code: 'invalidRequest', errors: [{ pointer: '/color', message: 'is unknown' }] };

describe('the rules of a kind see the catalogue', () => {
  it('in creations and changes, from the moment on that this node wrote it', async () => {
    const store = open();
    const account = await stores.account('a');
    const ask = (color: string) => store.writer.create(asking(account, { color }, { kind: painted }));
    expect(await ask('red')).toMatchObject({ ok: true });
    expect(await ask('blue')).toMatchObject(unknown);
    await put(store, account, 'blue', 'Blue');
    const created = (await ask('blue')) as Written;
    await put(store, account, 'blue', null);
    expect(await ask('blue')).toMatchObject(unknown);
    const { key } = told(created);
    const note = (color: string) =>
      store.writer.change(moving({ key }, 'note', actorOf(account, 'guest'), { input: { color } }));
    expect(await note('blue')).toMatchObject(unknown);
    expect(await note('black')).toMatchObject({ ok: true });
  });

  it('in batches', async () => {
    const store = open();
    const account = await stores.account('b');
    const results: unknown[] = [];
    const command = (color: string) =>
      ({ type: 'create', name: 'ask', input: { title: 'x', color } }) as const;
    await createBatchWriter(store).write({
      actor: actorOf(account, 'guest'),
      contract: 'test',
      idempotency: null,
      atomic: false,
      items: ['red', 'blue'].map((color) => ({ op: 'create', kind: painted, command: command(color) })),
      answer: (all) => {
        results.push(...all);
        return { status: 200, headers: {}, body: '' };
      },
    });
    expect(results).toMatchObject([{ ok: true, created: true }, unknown]);
  });

  it('on another node within a second', async () => {
    const [one, other] = [open(), open()];
    const account = await stores.account('c');
    const ask = () => other.writer.create(asking(account, { color: 'blue' }, { kind: painted }));
    expect(await ask()).toMatchObject(unknown);
    await put(one, account, 'blue', 'Blue');
    await expect.poll(async () => (await ask()).ok, { timeout: 1_000, interval: 20 }).toBe(true);
  });
});
