import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Provider } from './broker.ts';
import { dockerProvider } from './docker.ts';
import { nativeProvider } from './native.ts';
import type { BrokerProvider } from './provider.ts';

/** In the order in which they are tried when none is asked for. */
export const providers = {
  native: nativeProvider,
  docker: dockerProvider,
} satisfies Record<Provider, BrokerProvider>;

export const providerNames = Object.keys(providers) as readonly Provider[];

/**
 * The provider of that name.
 * @throws {UserError} `brokers.unknown-provider` (exit code 2)
 */
export function providerNamed(name: string): Provider {
  const provider = providerNames.find((each) => each === name);
  if (provider !== undefined) return provider;
  throw new UserError(`unknown provider "${name}"`, {
    code: 'brokers.unknown-provider',
    exitCode: 2,
    hint: `use one of: ${providerNames.join(', ')}`,
  });
}

/**
 * The provider that was asked for, else the first that can run the broker here.
 * @throws {UserError} `brokers.prerequisite` (exit code 3) with what is missing and how to get it
 */
export async function chooseProvider(
  definition: BrokerDefinition,
  asked: Provider | undefined,
): Promise<Provider> {
  const missing: string[] = [];
  const remedies: string[] = [];
  for (const name of asked === undefined ? providerNames : [providerNamed(asked)]) {
    const check = await providers[name].check(definition);
    if (check.usable) return name;
    missing.push(`${name}: ${check.detail}`);
    remedies.push(check.remedy);
  }
  throw new UserError(`${definition.title} cannot run here (${missing.join('; ')})`, {
    code: 'brokers.prerequisite',
    exitCode: 3,
    hint: remedies.join(', or '),
  });
}
