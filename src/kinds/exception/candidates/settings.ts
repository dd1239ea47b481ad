import { parseDuration } from '../../../kernel/duration.ts';
import type { SettingDefinition, Settings } from '../../../kernel/settings.ts';

const COUNT: SettingDefinition = {
  key: 'exception.candidateCount',
  type: 'count',
  default: '3',
  label: 'Open exceptions that make a service provider a candidate for escalation',
};

const AGE: SettingDefinition = {
  key: 'exception.candidateAge',
  type: 'duration',
  default: 'PT48H',
  label: 'Age of an open exception that makes its service provider a candidate for escalation',
};

export const candidateSettings: readonly SettingDefinition[] = [COUNT, AGE];

/** From where on a service provider is a candidate. */
export interface Threshold {
  /** Open exceptions. */
  readonly count: number;
  /** An exception that was opened before this moment is enough. */
  readonly openedBefore: Date;
}

export function thresholdOf(settings: Settings, now: Date): Threshold {
  const read = ({ key, default: byDefault }: SettingDefinition) => settings[key] ?? byDefault;
  const ageMs = parseDuration(read(AGE)) ?? 0;
  return { count: Number(read(COUNT)), openedBefore: new Date(now.getTime() - ageMs) };
}
