import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { templateErrors, templateFaults } from './check.ts';
import { LONGEST_TEMPLATE } from './liquid.ts';
import { renderChecked, renderTemplate } from './render.ts';
import { SAMPLE_VALUES, TEMPLATE_VARIABLES, templateValues } from './variables.ts';

const values = templateValues(
  {
    authorizationNumber: 45678,
    requestType: null,
    serviceProviderId: 9876,
    serviceProviderName: 'Example SP Inc',
    exceptionType: 'ETA_MISSING',
  },
  new Date('2026-07-01T12:30:00.250Z'),
);

describe('a template', () => {
  it('names what an exception is about', () => {
    const text =
      'Work item #{{ authorizationNumber }}: {{ serviceProviderName }}, {{ exceptionType }}, {{ now }}';
    expect(renderTemplate(text, values, 'UTC')).toEqual({
      ok: true,
      text: 'Work item #45678: Example SP Inc, ETA_MISSING, 2026-07-01T12:30:00Z',
    });
  });

  it('leaves empty what is not known', () => {
    expect(renderTemplate('[{{ requestType }}]', values, 'UTC')).toEqual({ ok: true, text: '[]' });
  });

  it.each([
    ['UTC', '12:30'],
    ['Europe/Madrid', '14:30'],
    ['America/New_York', '08:30'],
  ])('writes times in the zone %s', (zone, text) => {
    expect(renderChecked('{{ now | date: "%H:%M" }}', values, zone)).toBe(text);
  });

  it('may have variables of its own, conditions and loops', () => {
    const text =
      '{% assign name = serviceProviderName | upcase %}{% if requestType %}typed{% else %}{{ name }}{% endif %}' +
      '{% for i in (1..3) %} {{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}';
    expect(templateFaults(text)).toEqual([]);
    expect(renderChecked(text, values, 'UTC')).toBe('EXAMPLE SP INC 1, 2, 3');
  });

  it('knows exactly the variables that are documented', () => {
    expect(Object.keys(SAMPLE_VALUES).sort()).toEqual(Object.keys(TEMPLATE_VARIABLES).sort());
    expect(Object.keys(values).sort()).toEqual(Object.keys(TEMPLATE_VARIABLES).sort());
  });
});

const KNOWN = Object.keys(TEMPLATE_VARIABLES).join(', ');

describe('a template is refused with line and column', () => {
  it.each([
    ['{{ nowhere }}', 1, 4, `there is no variable nowhere; a template may name ${KNOWN}`],
    ['Hello\n  {{ now }} {{ later }}', 2, 16, `there is no variable later; a template may name ${KNOWN}`],
    ['{% if later %}x{% endif %}', 1, 7, `there is no variable later; a template may name ${KNOWN}`],
    ['{{ "a" | append: later }}', 1, 18, `there is no variable later; a template may name ${KNOWN}`],
    ['a\nb {{ now', 2, 3, 'output "{{ now" not closed'],
    ['{% if now %}', 1, 1, 'tag {% if now %} not closed'],
    ['{% nowhere %}', 1, 1, 'tag "nowhere" not found'],
    ['{{ }}', 1, 4, 'invalid value expression: ""'],
    ['{{ now | shout }}', 1, 1, 'undefined filter: shout'],
    ['{{ serviceProviderName.constructor }}', 1, 4, 'undefined variable: serviceProviderName.constructor'],
    ['{{ now.__proto__ }}', 1, 4, 'undefined variable: now.__proto__'],
  ])('%s', (text, line, column, message) => {
    expect(templateFaults(text)).toEqual([{ line, column, message }]);
  });

  it('with each unknown variable, in the order of the text', () => {
    expect(templateErrors('/comment', '{{ b }}\n{{ a }} {{ b }}').map(({ message }) => message)).toEqual([
      `line 1, column 4: there is no variable b; a template may name ${KNOWN}`,
      `line 2, column 4: there is no variable a; a template may name ${KNOWN}`,
      `line 2, column 12: there is no variable b; a template may name ${KNOWN}`,
    ]);
  });

  it('may name other variables where it is told so', () => {
    expect(templateFaults('{{ eta }}', { eta: null })).toEqual([]);
    expect(templateFaults('{{ now }}', { eta: null })).toHaveLength(1);
  });
});

describe('a template reads no file', () => {
  it.each(['include', 'render', 'layout', 'block'])('%s is no tag', (tag) => {
    expect(templateFaults(`{% ${tag} "/etc/passwd" %}`)).toEqual([
      { line: 1, column: 1, message: `tag "${tag}" not found` },
    ]);
  });
});

describe('a template has limits', () => {
  const doubling =
    '{% assign s = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}';
  const long = `{% for i in (1..3) %}${'x'.repeat(9_000)}{% endfor %}`;
  const endless = '{% for i in (1..9999) %}{% for j in (1..9999) %}{% endfor %}{% endfor %}';
  it.each([
    ['of its length', 'x'.repeat(LONGEST_TEMPLATE + 1), /longer than/],
    ['of memory', doubling, /memory alloc limit/],
    ['of memory, in a range', '{% for i in (1..1000000000) %}{% endfor %}', /memory alloc limit/],
    ['of memory, in a date', '{{ now | date: "%99999999d" }}', /memory alloc limit/],
    ['of what it comes to', long, /comes to more than 20000 characters/],
    ['of time', endless, /(render|memory alloc) limit exceeded/],
  ])('%s', (_, text, message) => {
    expect(templateFaults(text)).toEqual([
      { line: expect.any(Number), column: expect.any(Number), message: expect.stringMatching(message) },
    ]);
  });

  it('and stands as it was written where it cannot be rendered after all', () => {
    expect(renderChecked('{{ gone }}', {}, 'UTC')).toBe('{{ gone }}');
  });
});

it('no text whatever fails otherwise than by a fault with a place', () => {
  const part = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '|',
    'now',
    ' if ',
    ' for ',
    ' in ',
    '(1..',
    ')',
    '"',
    "'",
    '\n',
    '.',
    '[',
    ']',
    'endif',
    'x',
    ':',
    '=',
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
      (text) => {
        for (const { line, column } of templateFaults(text)) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
