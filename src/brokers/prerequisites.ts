import { providerNames, providers } from './providers.ts';
import { allBrokers } from './registry.ts';

/** Whether one broker can be started in one way here. */
export interface Prerequisite {
  broker: string;
  provider: string;
  usable: boolean;
  detail: string;
  remedy?: string;
}

/** What each broker needs on this machine, per provider, and how to get what is missing. Changes nothing. */
export async function prerequisites(): Promise<Prerequisite[]> {
  const pairs = allBrokers().flatMap((definition) =>
    providerNames.map((provider) => ({ definition, provider })),
  );
  return Promise.all(
    pairs.map(async ({ definition, provider }) => {
      const check = await providers[provider].check(definition);
      return { broker: definition.name, provider, ...check };
    }),
  );
}
