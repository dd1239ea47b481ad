/** What a template may name, and a value of each for trying it. */
export type TemplateValues = Readonly<Record<string, string | number | boolean | null>>;

/** What every template about an exception may name. */
export const TEMPLATE_VARIABLES = {
  authorizationNumber: 'The number of the work item.',
  requestType: 'The request type of the work item; empty where it has none.',
  serviceProviderId: 'The service provider’s number; empty where there is none.',
  serviceProviderName: 'The service provider’s name; empty where there is none.',
  exceptionType: 'The identifier of the exception’s type, such as ETA_MISSING.',
  now: 'The present moment, such as 2026-03-02T09:00:00Z; the filter `date` writes it in the zone of the business calendar.',
} as const;

/** What an exception is about, as its templates may name it. */
export interface TemplateSubject {
  readonly authorizationNumber: number;
  readonly requestType: number | null;
  readonly serviceProviderId: number | null;
  readonly serviceProviderName: string | null;
  /** The identifier of the type. */
  readonly exceptionType: string;
}

export function templateValues(subject: TemplateSubject, now: Date): TemplateValues {
  const { authorizationNumber, requestType, serviceProviderId, serviceProviderName, exceptionType } = subject;
  return {
    authorizationNumber,
    requestType,
    serviceProviderId,
    serviceProviderName,
    exceptionType,
    now: now.toISOString().replace(/\.\d{3}Z$/, 'Z'),
  };
}

/** Values to try a template with before it is saved. */
export const SAMPLE_VALUES: TemplateValues = templateValues(
  {
    authorizationNumber: 45678,
    requestType: 1,
    serviceProviderId: 9876,
    serviceProviderName: 'Example SP Inc',
    exceptionType: 'ETA_MISSING',
  },
  new Date('2024-01-01T12:00:00Z'),
);
