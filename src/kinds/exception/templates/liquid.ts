import { Liquid } from 'liquidjs';

/** Characters of a template. */
export const LONGEST_TEMPLATE = 10_000;
/** Far more than a template of that size needs, even on a machine that is busy. */
const MOST_RENDER_MS = 250;
/** Objects and characters that filters and loops may make. */
const MOST_MEMORY = 500_000;

/** They read other templates: there are none, and no files either. */
const WITHOUT_TAGS = ['include', 'render', 'layout', 'block'];
/** It gives another text each time. */
const WITHOUT_FILTERS = ['sample'];

const engines = new Map<string, Liquid>();

/**
 * The template engine whose `date` filter writes times in this zone: without files, strict, and with limits.
 * https://liquidjs.com/tutorials/dos.html
 * @param timeZone an IANA name; there are as many engines as zones in use
 */
export function liquidFor(timeZone: string): Liquid {
  const known = engines.get(timeZone);
  if (known) return known;
  const engine = new Liquid({
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    locale: 'en',
    timezoneOffset: timeZone,
    parseLimit: LONGEST_TEMPLATE,
    renderLimit: MOST_RENDER_MS,
    memoryLimit: MOST_MEMORY,
  });
  for (const tag of WITHOUT_TAGS) delete engine.tags[tag];
  for (const filter of WITHOUT_FILTERS) engine.unregisterFilter(filter);
  engines.set(timeZone, engine);
  return engine;
}
