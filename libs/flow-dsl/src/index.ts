// Public API of @basalt/flow-dsl.
export {};
