// Public API of @basalt/validator.
export {};
