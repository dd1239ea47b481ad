import type { agentHeaders } from '../../../http/acting-agent.ts';

/** The contract's name, as events tell it. */
export const CONTRACT = 'care';

export const VERSIONS = ['v1', 'v2'] as const;

/** Where a set of routes stands, and what its routes have in common. */
export interface Place {
  readonly base: string;
  readonly version: (typeof VERSIONS)[number];
  readonly reading: { readonly permission: readonly string[] };
  readonly working: { readonly permission: string };
  /** The published host's own paths are the same once more, so the document leaves them out (`hide`). */
  shown(tag: string): {
    readonly tags: string[];
    readonly hide: boolean;
    readonly headers: typeof agentHeaders;
  };
}
