import { expect, it } from 'vitest';
import { hotSpotsOf } from './profile.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

it('gives the time of the system to the package that asked for it, and leaves out idle time', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 5] },
      {
        id: 2,
        callFrame: frame('send', 'file:///x/node_modules/postgres/src/connection.js', 9),
        children: [3],
      },
      { id: 3, callFrame: frame('write', 'node:net', 4), children: [4] },
      { id: 4, callFrame: frame('writeBuffer') },
      { id: 5, callFrame: frame('(idle)') },
    ],
    samples: [2, 4, 5],
    timeDeltas: [100, 300, 9_000],
  };
  expect(hotSpotsOf(profile)).toEqual({
    functions: [
      { place: 'writeBuffer, for postgres', share: 0.75 },
      { place: 'send file:///x/node_modules/postgres/src/connection.js:10', share: 0.25 },
    ],
    owners: [{ place: 'postgres', share: 1 }],
  });
});
