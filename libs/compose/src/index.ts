// Public API of @basalt/compose.

// Reading: text to canonical steps.
export { readCompose } from './document/read-compose.js';
export type { ReadCompose } from './document/read-compose.js';
export { normaliseCompose } from './document/normalise-compose.js';
export type { NormalisedCompose } from './document/normalise-compose.js';
export type { CanonicalStep, Mapping, Spread } from './document/compose-model.js';

// Running.
export { compileCompose, runCompose } from './run/compose-run.js';
export type { CompiledCompose, ComposeRunOptions, StepObserver } from './run/compose-run.js';
export { composeComponent } from './run/compose-component.js';
export type { ComposeComponentOptions } from './run/compose-component.js';
export { Registry } from './run/registry.js';
export type { ComponentLoader } from './run/registry.js';
export type { Component, ComponentHandler } from './run/component.js';
export type { Call } from './run/call.js';
export { ComposeError } from './run/compose-error.js';
export type { ErrorPlace } from './run/compose-error.js';
export type { State } from './run/state.js';
export { errorFinding } from './run/error-finding.js';
export { writeJson } from './contracts/json-writer.js';

// What composes may call without a workspace.
export { standardRegistry } from './run/standard-registry.js';
export { DEMO_IMPLEMENTATIONS } from './demo/demo-implementations.js';

// Projects: workspaces and packages of components, with their descriptors.
export { openProject } from './workspace/open-project.js';
export type { Project } from './workspace/open-project.js';
export type { Resolved, ResolveOptions } from './resolver/resolve-project.js';
export type { LockedComponent, LockFile, LockSource } from './resolver/lock-file.js';
export { readDescriptor } from './descriptors/read-descriptor.js';
export type { ReadDescriptor } from './descriptors/read-descriptor.js';
export type { DescribedPort, Descriptor, Hints } from './descriptors/descriptor.js';

// What a host lets them reach.
export { closedHost } from './host/compose-host.js';
export type { ComposeHost, HttpClients } from './host/compose-host.js';
export { LOG_LEVELS } from './host/log-entry.js';
export type { LogEntry, LogLevel } from './host/log-entry.js';

// Checking before a run.
export { checkCompose } from './check/check-compose.js';

// Conformance suites.
export { findFixtures, runSuite } from './conformance/run-suite.js';
export type { Fixture, FixtureResult, SuiteOptions } from './conformance/run-suite.js';
export { junitReport } from './conformance/junit-report.js';
export { diffRuns } from './conformance/diff-runs.js';
export type { RunDifference } from './conformance/diff-runs.js';
