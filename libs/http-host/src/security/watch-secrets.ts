// Every secret that a node reads is told to the redactor of the host, so that it can be taken out of
// whatever the host shows: its log and the run viewer.
import type { CapabilitySet, SecretRedactor, SecretStore } from '@basalt/capabilities';

/** The same capabilities, whose secrets are told to `redactor` when they are read. */
export function watchSecrets(capabilities: CapabilitySet, redactor: SecretRedactor): CapabilitySet {
  const { secrets } = capabilities;
  if (secrets === undefined) return capabilities;
  const watched: SecretStore = {
    async get(name) {
      const value = await secrets.get(name);
      if (value !== undefined) redactor.add(value);
      return value;
    },
  };
  return Object.freeze({ ...capabilities, secrets: watched });
}
