import type { FieldError } from '../../../kernel/errors.ts';
import { faultAt, type TemplateFault } from './fault.ts';
import { LONGEST_TEMPLATE, liquidFor } from './liquid.ts';
import { parseTemplate, renderTemplate } from './render.ts';
import { SAMPLE_VALUES, type TemplateValues } from './variables.ts';

/**
 * Every fault that can be found before the template is used: it cannot be read, it names a variable or a filter that
 * there is not, or it cannot be rendered within the limits.
 * @param samples the variables that it may name, each with a value to try it with
 */
export function templateFaults(text: string, samples: TemplateValues = SAMPLE_VALUES): TemplateFault[] {
  if (text.length > LONGEST_TEMPLATE) {
    return [faultAt([1, 1], `the template is longer than ${LONGEST_TEMPLATE} characters`)];
  }
  const parsed = parseTemplate(text, 'UTC');
  if (!parsed.ok) return [parsed.fault];
  const { globals } = liquidFor('UTC').analyzeSync([...parsed.template], { partials: false });
  const unknown = Object.entries(globals)
    .filter(([name]) => !Object.hasOwn(samples, name))
    .flatMap(([name, uses]) =>
      uses.map(({ location: { row, col } }) =>
        faultAt(
          [row, col],
          `there is no variable ${name}; a template may name ${Object.keys(samples).join(', ')}`,
        ),
      ),
    );
  if (unknown.length > 0) return unknown.sort((a, b) => a.line - b.line || a.column - b.column);
  const rendered = renderTemplate(text, samples, 'UTC');
  return rendered.ok ? [] : [rendered.fault];
}

/** The faults of a template as those of a field. */
export function templateErrors(
  pointer: string,
  text: string,
  samples: TemplateValues = SAMPLE_VALUES,
): FieldError[] {
  return templateFaults(text, samples).map(({ line, column, message }) => ({
    pointer,
    message: `line ${line}, column ${column}: ${message}`,
  }));
}
